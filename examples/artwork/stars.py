"""The bright stars of the winter sky: right ascension in hours, declination in degrees, magnitude (J2000)."""

from __future__ import annotations

__all__ = ["FIGURES", "NAMED", "STARS"]

STARS = {
    "Betelgeuse": (5.919, 7.41, 0.5),
    "Rigel": (5.242, -8.20, 0.1),
    "Bellatrix": (5.419, 6.35, 1.6),
    "Saiph": (5.796, -9.67, 2.1),
    "Alnitak": (5.679, -1.94, 1.8),
    "Alnilam": (5.604, -1.20, 1.7),
    "Mintaka": (5.533, -0.30, 2.2),
    "Meissa": (5.585, 9.93, 3.4),
    "Hatysa": (5.590, -5.91, 2.8),
    "Tabit": (4.831, 6.96, 3.2),
    "Aldebaran": (4.599, 16.51, 0.9),
    "Elnath": (5.438, 28.61, 1.7),
    "Tianguan": (5.627, 21.14, 3.0),
    "Alcyone": (3.791, 24.11, 2.9),
    "Prima Hyadum": (4.330, 15.63, 3.7),
    "Ain": (4.477, 19.18, 3.5),
    "Lambda Tauri": (4.011, 12.49, 3.5),
    "Capella": (5.278, 46.00, 0.1),
    "Menkalinan": (5.992, 44.95, 1.9),
    "Mahasim": (5.995, 37.21, 2.6),
    "Hassaleh": (4.950, 33.17, 2.7),
    "Almaaz": (5.033, 43.82, 3.0),
    "Castor": (7.577, 31.89, 1.6),
    "Pollux": (7.755, 28.03, 1.1),
    "Alhena": (6.629, 16.40, 1.9),
    "Mebsuta": (6.732, 25.13, 3.0),
    "Tejat": (6.383, 22.51, 2.9),
    "Propus": (6.248, 22.51, 3.3),
    "Wasat": (7.335, 21.98, 3.5),
    "Mekbuda": (7.068, 20.57, 4.0),
    "Alzirr": (6.755, 12.90, 3.4),
    "Sirius": (6.752, -16.72, -1.5),
    "Mirzam": (6.378, -17.96, 2.0),
    "Adhara": (6.977, -28.97, 1.5),
    "Wezen": (7.140, -26.39, 1.8),
    "Aludra": (7.402, -29.30, 2.5),
    "Furud": (6.338, -30.06, 3.0),
    "Procyon": (7.655, 5.22, 0.3),
    "Gomeisa": (7.453, 8.29, 2.9),
    "Arneb": (5.545, -17.82, 2.6),
    "Nihal": (5.471, -20.76, 2.8),
    "Epsilon Leporis": (5.091, -22.37, 3.2),
    "Mu Leporis": (5.215, -16.21, 3.3),
    "Zeta Leporis": (5.783, -14.82, 3.5),
    "Gamma Leporis": (5.741, -22.45, 3.6),
    "Mirfak": (3.405, 49.86, 1.8),
    "Algol": (3.136, 40.96, 2.1),
    "Zeta Persei": (3.902, 31.88, 2.9),
    "Epsilon Persei": (3.964, 40.01, 2.9),
    "Delta Persei": (3.715, 47.79, 3.0),
    "Gamma Persei": (3.080, 53.51, 2.9),
    "Cursa": (5.131, -5.09, 2.8),
    "Phact": (5.660, -34.07, 2.7),
}

FIGURES = {
    "Orion": (
        ("Betelgeuse", "Alnitak", "Saiph", "Rigel", "Mintaka", "Bellatrix", "Meissa", "Betelgeuse", "Bellatrix"),
        ("Alnitak", "Alnilam", "Mintaka"),
        ("Bellatrix", "Tabit"),
        ("Alnilam", "Hatysa"),
    ),
    "Taurus": (
        ("Elnath", "Ain", "Prima Hyadum", "Aldebaran", "Tianguan"),
        ("Prima Hyadum", "Lambda Tauri"),
    ),
    "Auriga": (("Capella", "Menkalinan", "Mahasim", "Elnath", "Hassaleh", "Almaaz", "Capella"),),
    "Gemini": (
        ("Castor", "Mebsuta", "Tejat", "Propus"),
        ("Pollux", "Wasat", "Mekbuda", "Alhena"),
        ("Wasat", "Alzirr"),
        ("Castor", "Pollux"),
    ),
    "Canis Major": (("Mirzam", "Sirius", "Wezen", "Adhara", "Furud"), ("Wezen", "Aludra")),
    "Canis Minor": (("Procyon", "Gomeisa"),),
    "Lepus": (
        ("Mu Leporis", "Arneb", "Nihal", "Epsilon Leporis", "Mu Leporis"),
        ("Arneb", "Zeta Leporis"),
        ("Nihal", "Gamma Leporis"),
    ),
    "Perseus": (
        ("Gamma Persei", "Mirfak", "Delta Persei", "Epsilon Persei", "Zeta Persei"),
        ("Mirfak", "Algol"),
    ),
}
"""Lines between the stars, as charts draw them."""

NAMED = {
    "Betelgeuse": (-62, 20),
    "Rigel": (58, 20),
    "Aldebaran": (-22, 30),
    "Capella": (2, -30),
    "Castor": (-62, -20),
    "Pollux": (-62, 20),
    "Sirius": (-62, 20),
    "Procyon": (-62, 20),
    "Alcyone": (58, 20),
    "Algol": (58, 20),
}
"""The stars that a chart names, and where their names stand beside them, in pixels to the right and down."""
