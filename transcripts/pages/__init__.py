"""The record on numbered pages and lines: an index over the numbers of words.

``index`` answers where a word stands and which words stand on a line; ``layout`` breaks a version into lines;
``printing`` makes the PDF. A line never depends on who reads it: what is hidden leaves a block on the same line.
"""
