"""Where the points of a network stand: on rings around the centre. The first ring is in the order of kinds and names; each further
one has its points beside those that they are connected with. Names stand around the last ring, as many as do not touch one another.
Nothing is left to chance.

Lengths are units of the SVG's view box.
"""

from collections import defaultdict
from math import atan, atan2, cos, degrees, hypot, pi, sin

from agreements.pictures.lettering import lines_of, width_of
from sources.reading.fact_wording import localised

FIRST_RADIUS, WIDE_RADIUS, WIDEST_RADIUS, BETWEEN_RINGS, BETWEEN_CIRCLES = 68, 184, 320, 34, 13
# The room of one point along its circle: a line of its label, or two lines where all have room for them.
ROOM, ROOM_OF_TWO = 9.6, 20.5
# Around the picture, beside the labels outside of the last circle.
MARGIN = 16
# A point reaches as far as this from its middle; a label around the last ring begins so far outside of its last circle.
REACH, OUTSIDE = 4, 7
# A line of a label: the size of its letters, from one line to the next, how high the letters of one line are with what hangs below,
# and how long it is at most, beside others and alone.
SIZE, LINE, HEIGHT, LONGEST, LONGEST_ALONE = 10, 10, 9.5, 135, 180
# How far below its middle the letters of a line stand, so that names turned either way are as far from their neighbours.
MIDDLE = 2.5
# A larger picture needs the whole width of a page.
WIDE = 700
MOST_LINES = 3
# Further labels within the picture are not tried; most would not fit.
MOST_LABELS = 80


def laid_out(network):
    """``{"size", "is_wide", "points": [{**link, "x", "y", "label"}], "named", "ties", "statements"}``.

    ``label`` is ``{"lines": [{"text", "y"}], "x", "anchor", "turned"}`` or ``None`` where it would not fit; ``turned`` is an angle;
    ``named`` is how many have one. The last two are lists of ``(x, y, x, y)``: pairs that only statements connect are among
    ``statements``.
    """
    beside = _neighbours(network.connections)
    circles = _circles(network.points, beside)
    outer = _outer_texts(network.points, circles, beside)
    middle = _middle(circles, outer)
    at = _places(network.points, circles, middle)
    points = {key: {**link, "x": at[key][0], "y": at[key][1], "label": None} for key, link in network.points.items()}
    edge = circles[-1][0] if circles else middle
    for key, lines in outer.items():
        points[key]["label"] = _outer_label(points[key], lines, middle, edge)
    _label_within(points, edge, middle, beside)
    ties, statements = _lines(network.connections)
    return {
        "size": 2 * middle,
        "is_wide": 2 * middle > WIDE,
        "points": list(points.values()),
        "named": sum(point["label"] is not None for point in points.values()),
        "ties": [(*at[one], *at[other]) for one, other in ties],
        "statements": [(*at[one], *at[other]) for one, other in statements],
    }


def _neighbours(connections):
    """``{point: the points that it is connected with}``."""
    beside = defaultdict(set)
    for connection in connections:
        one, other = connection.ends()
        beside[one].add(other)
        beside[other].add(one)
    return beside


def _circles(points, beside):
    """``[(radius, {point: angle})]``. A ring with more points than fit on the widest circle has several circles, filled alike."""
    circles, angles, radius = [], {}, FIRST_RADIUS
    for ring in sorted({link["ring"] for link in points.values()} - {0}):
        keys = [key for key, link in points.items() if link["ring"] == ring]
        keys, turn = _beside_neighbours(keys, angles, beside) if angles else (keys, -pi / 2)
        radius = max(radius, _radius_of(len(keys)))
        number = _number_of_circles(len(keys), radius)
        around = _around(keys, turn, -(-len(keys) // number) * number)
        for part in range(number):
            circles.append((radius, {key: around[key] for key in keys[part::number]}))
            radius += BETWEEN_CIRCLES
        angles |= {key: angle for _radius, circle in circles for key, angle in circle.items()}
        radius += BETWEEN_RINGS - BETWEEN_CIRCLES
    return circles


def _around(keys, start, places):
    """``{point: angle}``, evenly around a circle with so many places."""
    return {key: round(start + 2 * pi * number / places, 9) for number, key in enumerate(keys)}


def _radius_of(number):
    """The radius of a circle of so many points: with room for labels of two lines if it is not too wide then."""
    wide = number * ROOM_OF_TWO / (2 * pi)
    return wide if wide <= WIDE_RADIUS else min(WIDEST_RADIUS, number * ROOM / (2 * pi))


def _number_of_circles(points, radius):
    number, room = 1, _most_on(radius)
    while room < points:
        room += _most_on(radius + number * BETWEEN_CIRCLES)
        number += 1
    return number


def _most_on(radius):
    # Rounded, since a radius is made from a number of points.
    return round(2 * pi * radius / ROOM, 6) // 1


def _beside_neighbours(keys, angles, beside):
    """``(the points in their order around the circle, the angle of the first)``, as near as may be to the points that have ``angles``
    and that they are connected with."""
    wanted = {key: _direction([angles[other] for other in beside[key] if other in angles]) for key in keys}
    order = sorted(keys, key=lambda key: round(wanted[key], 6))
    return order, _direction([wanted[key] - angle for key, angle in _around(order, 0, len(order)).items()])


def _direction(angles):
    """The mean direction of angles, from 0 to a full turn."""
    return atan2(round(sum(map(sin, angles)), 9), round(sum(map(cos, angles)), 9)) % (2 * pi)


def _outer_texts(points, circles, beside):
    """``{point: lines of its label}`` of the last ring: all where there is room; else one line at as many as do not touch one another,
    those with most connections first."""
    if not circles:
        return {}
    radius, last = circles[-1][0], max(link["ring"] for link in points.values())
    ring = {key: angle for _radius, circle in circles for key, angle in circle.items() if points[key]["ring"] == last}
    most = max(min(int(2 * pi * radius / len(ring) // LINE), MOST_LINES), 1)
    order = sorted(ring, key=lambda key: (-len(beside[key]), ring[key]))
    named = order if most > 1 else _apart(order, ring, 2 * atan(HEIGHT / 2 / (radius + OUTSIDE)))
    return {key: _text_of(points[key], most, LONGEST if most > 1 else LONGEST_ALONE) for key in named}


def _apart(order, angles, room):
    """Those of the keys, in this order, whose angles are as far apart as ``room``."""
    kept = []
    for key in order:
        between = (abs(angles[key] - angles[other]) % (2 * pi) for other in kept)
        if all(room <= angle <= 2 * pi - room for angle in between):
            kept.append(key)
    return kept


def _text_of(point, most=1, longest=LONGEST):
    return lines_of(localised(point, "name"), longest, SIZE, most)


def _middle(circles, outer):
    widest = circles[-1][0] if circles else 0
    longest = max((width_of(line, SIZE) for lines in outer.values() for line in lines), default=0)
    return round(widest + longest + MARGIN, 1)


def _places(points, circles, middle):
    """``{point: (x, y)}``."""
    at = {key: (middle, middle) for key, link in points.items() if link["ring"] == 0}
    for radius, angles in circles:
        for key, angle in angles.items():
            at[key] = (round(middle + radius * cos(angle), 1), round(middle + radius * sin(angle), 1))
    return at


def _lines(connections):
    """The connected pairs: those that a row other than a statement connects, and the rest. Each pair is drawn once."""
    pairs = {}
    for connection in connections:
        pair = tuple(sorted(connection.ends()))
        pairs[pair] = pairs.get(pair, True) and bool(connection.page)
    return [pair for pair in pairs if not pairs[pair]], [pair for pair in pairs if pairs[pair]]


def _outer_label(point, lines, middle, edge):
    """A label that runs outwards from the last circle, whose radius is ``edge``, and never upside down."""
    across, down = point["x"] - middle, point["y"] - middle
    is_left = across < -1e-9
    offset = edge - hypot(across, down) + OUTSIDE
    return {
        **_placed(lines, point["y"] + MIDDLE - LINE / 2 * (len(lines) - 1)),
        "x": round(point["x"] + (-offset if is_left else offset), 1),
        "anchor": "end" if is_left else "start",
        "turned": round(degrees(atan2(down, across)) % 360 + (180 if is_left else 0), 1) % 360,
    }


def _placed(lines, y):
    return {"lines": [{"text": text, "y": round(y + LINE * number, 1)} for number, text in enumerate(lines)]}


def _label_within(points, edge, middle, beside):
    """Give the centre and the points of a ring within another their labels, those with most connections first, each where it covers
    no other label and no point."""
    last = max(point["ring"] for point in points.values())
    within = [key for key, point in points.items() if point["ring"] < last or not point["ring"]]
    order = sorted(within, key=lambda key: (points[key]["ring"], -len(beside[key])))
    taken = [_box(point) for point in points.values()]
    for key in order[:MOST_LABELS]:
        point = points[key]
        others = [box for box in taken if box != _box(point)]
        for label, box in _labels(point, middle):
            if _reach(box, middle) <= edge and not any(_overlap(box, other) for other in others):
                point["label"] = label
                taken.append(box)
                break


def _box(point):
    return (point["x"] - REACH, point["y"] - REACH, point["x"] + REACH, point["y"] + REACH)


def _reach(box, middle):
    """How far the farthest corner is from the middle of the picture."""
    return max(hypot(x - middle, y - middle) for x in box[::2] for y in box[1::2])


def _labels(point, middle):
    """``(label, box)`` for each place that a label of the point may have, the best first."""
    for lines in dict.fromkeys(tuple(_text_of(point, most)) for most in (2, 1)):
        yield from _places_of(lines, point, middle)


def _places_of(lines, point, middle):
    """``(label, box)`` of these lines beside, below and above the point."""
    x, y, is_centre = point["x"], point["y"], point["ring"] == 0
    length, rest = max(width_of(line, SIZE) for line in lines), LINE * (len(lines) - 1)
    right = (x + REACH + 2, "start", x + REACH + 2)
    left = (x - REACH - 2, "end", x - REACH - 2 - length)
    under = (x, "middle", x - length / 2)
    sides = [(side, y + 3.5 - rest / 2) for side in ((right, left) if x >= middle else (left, right))]
    below, above = (under, y + REACH + LINE), (under, y - REACH - 6 - rest)
    places = [below, *sides] if is_centre else [*sides, above, (under, y + REACH + LINE + 3)]
    for (start, anchor, edge), base in places:
        label = {**_placed(lines, base), "x": round(start, 1), "anchor": anchor, "turned": 0}
        yield label, (edge, base - LINE + 1.5, edge + length, base + rest + 2)


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
