/* Outside backgrounds, only when a reader switches one on; the bundled backdrop stays beneath. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;
  const A = 6378245;
  const EE = 0.00669342162296594323;

  /* WGS 84 to GCJ-02, as geomap/datum.py has it; outside its rectangle nothing moves. */
  geomap.toGcj02 = function (lat, lon) {
    if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lat, lon];
    const [north, east] = offset(lat - 35, lon - 105);
    const phi = (lat * Math.PI) / 180;
    const magic = 1 - EE * Math.sin(phi) ** 2;
    const root = Math.sqrt(magic);
    return [
      lat + north / (((A * (1 - EE)) / (magic * root)) * (Math.PI / 180)),
      lon + east / ((A / root) * Math.cos(phi) * (Math.PI / 180)),
    ];
  };

  /* Metres north and east at (y, x) degrees from the origin of the published polynomial. */
  function offset(y, x) {
    const { PI, sin } = Math;
    const root = Math.sqrt(Math.abs(x));
    const ripple = 20 * sin(6 * PI * x) + 20 * sin(2 * PI * x);
    const waves = 20 * sin(PI * y) + 40 * sin((PI * y) / 3) + 160 * sin((PI * y) / 12) + 320 * sin((PI * y) / 30);
    const rolls = 20 * sin(PI * x) + 40 * sin((PI * x) / 3) + 150 * sin((PI * x) / 12) + 300 * sin((PI * x) / 30);
    return [
      -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ((ripple + waves) * 2) / 3,
      300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ((ripple + rolls) * 2) / 3,
    ];
  }

  /* The inverse has no closed form: step until it stands still. */
  geomap.fromGcj02 = function (lat, lon) {
    let [x, y] = [lat, lon];
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = geomap.toGcj02(x, y);
      x += lat - a;
      y += lon - b;
    }
    return [x, y];
  };

  const mercator = L.Projection.SphericalMercator;

  /* Web Mercator of a shifted world: what is drawn falls on tiles in GCJ-02, what is read back
     is WGS 84 again. */
  const CRS_GCJ02 = L.extend({}, L.CRS.EPSG3857, {
    code: "GCJ-02",
    projection: L.extend({}, mercator, {
      project: ({ lat, lng }) => mercator.project(L.latLng(...geomap.toGcj02(lat, lng))),
      unproject: (point) => {
        const { lat, lng } = mercator.unproject(point);
        return L.latLng(...geomap.fromGcj02(lat, lng));
      },
    }),
  });

  class Background {
    constructor(living) {
      this.living = living;
      this.tiles = null;
    }

    /* spec: {id, url, subdomains, credit, max_zoom, datum} or nothing. */
    set(spec) {
      this.clear();
      this.setDatum(spec ? spec.datum : "wgs84");
      if (!spec) return;
      this.spec = spec;
      this.tiles = L.tileLayer(spec.url, {
        subdomains: spec.subdomains,
        maxNativeZoom: spec.max_zoom,
        maxZoom: 18,
        className: "gm-tiles",
        referrerPolicy: "strict-origin-when-cross-origin",
      });
      // Each screenful is judged by itself: a network that is cut later leaves nothing to look at.
      this.tiles.on("loading", () => { this.arrived = this.failed = 0; });
      this.tiles.on("tileload", () => this.arrive());
      this.tiles.on("tileerror", () => this.fail());
      this.tiles.on("load", () => this.judge(1));
      document.addEventListener("securitypolicyviolation", this.refused);
      this.tiles.addTo(this.living.map);
      this.living.panel.setCredit([{ text: spec.credit, url: spec.terms }]);
    }

    clear() {
      document.removeEventListener("securitypolicyviolation", this.refused);
      if (this.tiles) this.tiles.remove();
      this.tiles = this.spec = null;
      this.living.root.classList.remove("gm-tiled");
      this.living.panel.setCredit([]);
    }

    setDatum(datum) {
      const { map } = this.living;
      const crs = datum === "gcj02" ? CRS_GCJ02 : L.CRS.EPSG3857;
      if (map.options.crs === crs) return;
      const [centre, zoom] = [map.getCenter(), map.getZoom()];
      map.options.crs = crs;
      map.setView(centre, zoom, { reset: true });
    }

    arrive() {
      if (!this.arrived) window.sessionStorage.removeItem(this.reloadKey());
      this.arrived += 1;
      this.living.root.classList.add("gm-tiled");
    }

    fail() {
      this.failed += 1;
      this.judge(4);
    }

    /* Nothing but failures, at least so many: take the tiles away; the backdrop was never gone.
       A screenful of fewer tiles is judged when all of them have been tried. */
    judge(least) {
      if (this.arrived || this.failed < least || !this.spec) return;
      const { id } = this.spec;
      this.clear();
      this.setDatum("wgs84");
      this.living.notice("map.background.failed");
      this.living.on("background", { failed: id });
    }

    reloadKey() {
      return `geomap-background-${this.spec.id}`;
    }

    /* The content policy opens for the one host the page's address names: load the page again,
       once, when the reader has only now chosen it. Tiles that arrive allow it anew. */
    refused = (event) => {
      if (event.effectiveDirective !== "img-src" || !this.spec) return;
      const key = this.reloadKey();
      const address = new URL(window.location.href);
      const tried = window.sessionStorage.getItem(key) === address.search;
      if (tried) return;
      address.searchParams.set("background", this.spec.id);
      window.sessionStorage.setItem(key, address.search);
      document.removeEventListener("securitypolicyviolation", this.refused);
      window.location.assign(address.href);
    };
  }

  geomap.Background = Background;
})(window);
