"""Whether two pictures show the same, wholly or in part: pure calculation, no Django.

A picture is described by points of it (ORB: corners with 256 bits each that say how their surroundings
look), which survive new compression, other sizes, light and a little turning. Some bits of each point make
a *word*, by which pictures that share points are found among very many; whether the shared points lie alike
in both then decides. Cut pictures keep the points that they keep; mirrored ones are looked for as such.
"""
