"""Where the points of a network stand: on rings around the centre, in the order of kinds and names. Nothing is left to chance.

Lengths are units of the SVG's view box, which is drawn for the width of a phone.
"""

from math import cos, pi, sin

from sources.reading.fact_wording import localised

LEAST_WIDTH = 360
FIRST_RADIUS, BETWEEN_RINGS, BETWEEN_CIRCLES = 76, 26, 13
# The room of one point along its circle.
ROOM = 9.5
MARGIN = 14
# A point reaches as far as this from its middle.
REACH = 4
# The estimated size of a letter of a label, and how many letters a label has at most.
LETTER, LINE = 5.2, 10
MOST_LETTERS = 24
# Further labels are not tried; most would not fit.
MOST_LABELS = 80


def laid_out(network):
    """``{"width", "height", "points": [{**link, "x", "y", "label"}], "ties", "statements"}``.

    ``label`` is ``{"text", "x", "y", "anchor"}`` or ``None`` where it would not fit. The last two are lists of
    ``(x, y, x, y)``: pairs that only statements connect are among ``statements``.
    """
    middle, at = _places(network.points)
    points = {key: {**link, "x": at[key][0], "y": at[key][1], "label": None} for key, link in network.points.items()}
    _label(list(points.values()), 2 * middle)
    ties, statements = _lines(network.connections)
    return {
        "width": 2 * middle,
        "height": 2 * middle,
        "points": list(points.values()),
        "ties": [(*at[one], *at[other]) for one, other in ties],
        "statements": [(*at[one], *at[other]) for one, other in statements],
    }


def _places(points):
    """``(middle of the picture, {point: (x, y)})``."""
    circles = list(_circles(points))
    middle = max(LEAST_WIDTH / 2, circles[-1][0] + MARGIN if circles else 0)
    at = {key: (middle, middle) for key, link in points.items() if link["ring"] == 0}
    for radius, keys in circles:
        for number, key in enumerate(keys):
            angle = 2 * pi * number / len(keys) - pi / 2
            at[key] = (round(middle + radius * cos(angle), 1), round(middle + radius * sin(angle), 1))
    return middle, at


def _circles(points):
    """``(radius, points)`` of each circle. A ring with many points has several circles, filled alike."""
    radius = FIRST_RADIUS
    for ring in sorted({link["ring"] for link in points.values()} - {0}):
        waiting = [key for key, link in points.items() if link["ring"] == ring]
        while waiting:
            on_it, waiting = waiting[: int(2 * pi * radius / ROOM)], waiting[int(2 * pi * radius / ROOM) :]
            yield radius, on_it
            radius += BETWEEN_CIRCLES
        radius += BETWEEN_RINGS - BETWEEN_CIRCLES


def _lines(connections):
    """The connected pairs: those that a row other than a statement connects, and the rest. Each pair is drawn once."""
    pairs = {}
    for connection in connections:
        pair = tuple(sorted(connection.ends()))
        pairs[pair] = pairs.get(pair, True) and bool(connection.page)
    return (
        [pair for pair, is_said in pairs.items() if not is_said],
        [pair for pair, is_said in pairs.items() if is_said],
    )


def _label(points, width):
    """Give points their labels, the nearest first, each where it covers no other label and no point."""
    taken = [(p["x"] - REACH, p["y"] - REACH, p["x"] + REACH, p["y"] + REACH) for p in points]
    for number, point in enumerate(points[:MOST_LABELS]):
        others = taken[:number] + taken[number + 1 :]
        for label, box in _labels(point, width):
            if box[0] >= 0 and box[2] <= width and not any(_overlap(box, other) for other in others):
                point["label"] = label
                taken.append(box)
                break


def _labels(point, width):
    """``(label, box)`` for each place that a label of the point may have, the best first."""
    name = localised(point, "name")
    text = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip()}…"
    length = len(text) * LETTER
    x, y = point["x"], point["y"]
    right = (x + REACH + 2, "start", x + REACH + 2)
    left = (x - REACH - 2, "end", x - REACH - 2 - length)
    under = (x, "middle", x - length / 2)
    places = [(under, y + REACH + LINE)] if point["ring"] == 0 else []
    places += [(side, y + 3.5) for side in ((right, left) if x >= width / 2 else (left, right))]
    for (start, anchor, edge), base in places:
        label = {"text": text, "x": round(start, 1), "y": round(base, 1), "anchor": anchor}
        yield label, (edge, base - LINE + 1.5, edge + length, base + 2)


def _overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
