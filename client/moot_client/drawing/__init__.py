"""Pictures as cells of a terminal and as SVG, for the interface, the command line and exports alike.

    cells.py      how wide words are; a canvas of cells
    scale.py      numbers along an axis
    agenda.py     the agenda as a map: dots against hours
    weeks.py      words week by week
    svg.py        the same two as files

Drawing knows no terminal and no colours: a piece of a line has a role, and whoever shows it knows how.
"""
