"""The line face: the same session as lines, for screen readers, slow links and scripts.

No box drawing and no cursor movement: every picture is its sentence and its numbers. The same
words work at every prompt (`prompt`), each ask is put and answered in lines (`asking`), a figure is
moved by typing (`figures`), and what became of an answer is told in words (`feedback`). What is typed
goes down the same straight line as in the app (`session`).
"""
