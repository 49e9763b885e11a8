"""The offline clips provider: an animated storyboard, drawn as vectors and type over a moving ground.

Belongs here: what a shot looks like. Does not belong here: what it says (the script) or how scenes join (the editor).
"""
