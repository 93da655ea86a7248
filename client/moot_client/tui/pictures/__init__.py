"""m: pictures on screen, drawn by `moot_client.drawing`.

field.py    a widget for a picture, and how its roles look
screens.py  the agenda as a map, and words week by week
showing.py  from a place to its picture and back
"""
