"""Where the points of a network stand: on rings around the centre, in the order of kinds and names. Nothing is left to chance.

Lengths are units of the SVG's view box.
"""

from math import cos, degrees, pi, sin

from sources.reading.fact_wording import localised

FIRST_RADIUS, WIDEST_RADIUS, BETWEEN_RINGS, BETWEEN_CIRCLES = 68, 184, 34, 13
# The room of one point along its circle: a line of its label.
ROOM = 9.6
# Around the picture, with labels outside of the last circle and without.
LABEL_MARGIN, MARGIN = 120, 16
# A point reaches as far as this from its middle.
REACH = 4
# The estimated size of a letter of a label, its line, and how many letters a label has at most.
LETTER, LINE, MOST_LETTERS = 5.2, 10, 19
# Further labels within the picture are not tried; most would not fit.
MOST_LABELS = 80


def laid_out(network):
    """``{"size", "points": [{**link, "x", "y", "label"}], "ties", "statements"}``.

    ``label`` is ``{"text", "x", "y", "anchor", "turned"}`` or ``None`` where it would not fit; ``turned`` is an angle. The last
    two are lists of ``(x, y, x, y)``: pairs that only statements connect are among ``statements``.
    """
    circles = _circles(network.points)
    middle = _middle(circles)
    at, angles = _places(network.points, circles, middle)
    points = {key: {**link, "x": at[key][0], "y": at[key][1], "label": None} for key, link in network.points.items()}
    if _has_outer_labels(circles):
        for key in circles[-1][1]:
            points[key]["label"] = _outer_label(points[key], angles[key])
    _label_within(points, circles, middle)
    ties, statements = _lines(network.connections)
    return {
        "size": 2 * middle,
        "points": list(points.values()),
        "ties": [(*at[one], *at[other]) for one, other in ties],
        "statements": [(*at[one], *at[other]) for one, other in statements],
    }


def _circles(points):
    """``[(radius, points)]``. A ring with more points than fit on the widest circle has several circles, filled alike."""
    circles, radius = [], FIRST_RADIUS
    for ring in sorted({link["ring"] for link in points.values()} - {0}):
        keys = [key for key, link in points.items() if link["ring"] == ring]
        radius = max(radius, min(WIDEST_RADIUS, len(keys) * ROOM / (2 * pi)))
        for part in _parts(keys, radius):
            circles.append((radius, part))
            radius += BETWEEN_CIRCLES
        radius += BETWEEN_RINGS - BETWEEN_CIRCLES
    return circles


def _parts(keys, radius):
    """The points of a ring in as many parts as it needs circles, the first of which has this ``radius``."""
    number, room = 1, _most_on(radius)
    while room < len(keys):
        room += _most_on(radius + number * BETWEEN_CIRCLES)
        number += 1
    size = -(-len(keys) // number)
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def _most_on(radius):
    # Rounded, since a radius is made from a number of points.
    return round(2 * pi * radius / ROOM, 6) // 1


def _has_outer_labels(circles):
    """Whether the last circle has room for a label at each point, and is a ring of its own."""
    if not circles:
        return False
    (radius, keys), before = circles[-1], circles[-2][0] if len(circles) > 1 else 0
    return len(keys) <= _most_on(radius) and radius - before > BETWEEN_CIRCLES


def _middle(circles):
    widest = circles[-1][0] if circles else 0
    return round(widest + (LABEL_MARGIN if _has_outer_labels(circles) else MARGIN), 1)


def _places(points, circles, middle):
    """``({point: (x, y)}, {point: angle})``."""
    at = {key: (middle, middle) for key, link in points.items() if link["ring"] == 0}
    angles = {}
    for radius, keys in circles:
        for number, key in enumerate(keys):
            angles[key] = 2 * pi * number / len(keys) - pi / 2
            at[key] = (
                round(middle + radius * cos(angles[key]), 1),
                round(middle + radius * sin(angles[key]), 1),
            )
    return at, angles


def _lines(connections):
    """The connected pairs: those that a row other than a statement connects, and the rest. Each pair is drawn once."""
    pairs = {}
    for connection in connections:
        pair = tuple(sorted(connection.ends()))
        pairs[pair] = pairs.get(pair, True) and bool(connection.page)
    return [pair for pair in pairs if not pairs[pair]], [pair for pair in pairs if pairs[pair]]


def _short(point):
    name = localised(point, "name")
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip()}…"


def _outer_label(point, angle):
    """A label that runs outwards, never upside down."""
    is_left = cos(angle) < -1e-9
    offset = -REACH - 3 if is_left else REACH + 3
    return {
        "text": _short(point),
        "x": round(point["x"] + offset, 1),
        "y": round(point["y"] + 3.5, 1),
        "anchor": "end" if is_left else "start",
        "turned": round(degrees(angle) + (180 if is_left else 0), 1),
    }


def _label_within(points, circles, middle):
    """Give points within the last circle their labels, the nearest first, each where it covers no other label and no point."""
    outer = _has_outer_labels(circles)
    edge = circles[-1][0] if outer else middle
    within = [point for point in points.values() if point["label"] is None]
    taken = [_box(point) for point in points.values()]
    for point in within[:MOST_LABELS]:
        others = [box for box in taken if box != _box(point)]
        for label, box in _labels(point, middle):
            inside = all(middle - edge <= side <= middle + edge for side in (box[0], box[2]))
            if inside and not any(_overlap(box, other) for other in others):
                point["label"] = label
                taken.append(box)
                break


def _box(point):
    return (point["x"] - REACH, point["y"] - REACH, point["x"] + REACH, point["y"] + REACH)


def _labels(point, middle):
    """``(label, box)`` for each place that a label of the point may have, the best first."""
    text, x, y = _short(point), point["x"], point["y"]
    length = len(text) * LETTER
    right = (x + REACH + 2, "start", x + REACH + 2)
    left = (x - REACH - 2, "end", x - REACH - 2 - length)
    under = (x, "middle", x - length / 2)
    places = [(under, y + REACH + LINE)] if point["ring"] == 0 else []
    places += [(side, y + 3.5) for side in ((right, left) if x >= middle else (left, right))]
    for (start, anchor, edge), base in places:
        label = {"text": text, "x": round(start, 1), "y": round(base, 1), "anchor": anchor, "turned": 0}
        yield label, (edge, base - LINE + 1.5, edge + length, base + 2)


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
