"""A look at a film before anybody else sees it: at its plan before it is made, and at the file when it is."""
