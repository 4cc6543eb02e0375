"""Two domains: what was learnt in one, the source, is used in another, the target.

    digits = domains.get("usps_framed").load("test")       # pictures and labels of a domain
    shifted = shifts.apply(pictures, Shift(rotation=30))   # or a domain that sliders make

Training is in ``training.adaptation``; what visitors' browsers train in two dimensions is in
``plane``.
"""
