"""Small pure functions from numbers to inline SVG: no file, no font, no script, no own colour.

Colours are CSS variables of the page, so that a figure follows the light and the dark theme. Every
drawing carries `role="img"`, a title and a description, and every text in it is escaped.
"""
