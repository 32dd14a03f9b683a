"""The browser face: the study's pages as HTML and SVG, over HTTP on this machine.

Every page is whole as the server sends it, and every answer is a form; the little script beside it moves
figures while a knob is in hand, plays runs and carries pieces. Nothing is fetched from anywhere else.
"""
