"""This subject: neural networks. The only importer of nnlab; phase by phase of the path.

`neuron/neuron.py` is the kind to read first: the arithmetic, what people do instead, the kind itself.
All others stand in the same order. `kinds`, `figures` and `experiments` are the three tables of all
that lessons can name: what is asked, the pictures that move, and what lessons claim.
"""
