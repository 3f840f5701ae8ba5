/* Marks: one focusable SVG shape per site. Shape tells the layer, fill tells how exact it is. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const L = window.L;

  /* Radius in pixels by size class of the stated money; class 0 has no stated sum. */
  geomap.RADII = [5.5, 6.5, 9, 12.5, 17];
  geomap.CITY_RADIUS = 5.5;

  /* Dots of cities shrink on a map of the whole country, where they would hide each other. */
  geomap.cityRadius = (zoom) => Math.min(geomap.CITY_RADIUS, Math.max(3, 3 + (zoom - 4.5)));

  const corner = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const polygon = (corners) => "M" + corners.map(([x, y]) => corner(x, y)).join("L") + "Z";

  /* Outlines around (x, y) whose area matches a circle of radius r, so that shape is not size. */
  const OUTLINES = {
    cities: (x, y, r) =>
      `M${corner(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
    data_centres: (x, y, r) => {
      const half = r * 0.89;
      return polygon([[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]]);
    },
    zones: (x, y, r) => {
      const half = r * 1.25;
      return polygon([[x, y - half], [x + half, y], [x, y + half], [x - half, y]]);
    },
    projects: (x, y, r) => {
      const up = r * 1.42;
      return polygon([[x, y - up], [x + up * 0.94, y + up * 0.62], [x - up * 0.94, y + up * 0.62]]);
    },
  };

  /* How far the outlines reach from their place, in radii: left and right, up, down. */
  const REACH = { cities: [1, 1, 1], data_centres: [0.89, 0.89, 0.89], zones: [1.25, 1.25, 1.25], projects: [0.94, 1.42, 0.62] };

  /* The box around a mark at (x, y), its outline included. */
  geomap.markBox = function (layer, x, y, r) {
    const [aside, up, down] = (REACH[layer] || REACH.projects).map((part) => part * r + 1);
    return { left: x - aside, right: x + aside, top: y - up, bottom: y + down };
  };

  /* Two short strokes inside a hollow mark: its hatch. */
  function hatch(x, y, r) {
    const s = r * 0.42;
    return `M${corner(x - s, y + s * 0.3)}L${corner(x + s * 0.3, y - s)}` +
      `M${corner(x - s * 0.3, y + s)}L${corner(x + s, y - s * 0.3)}`;
  }

  /* The SVG path of a mark. */
  geomap.markPath = function (layer, form, x, y, r) {
    const outline = (OUTLINES[layer] || OUTLINES.projects)(x, y, r);
    return form === "hollow" ? outline + hatch(x, y, r) : outline;
  };

  geomap.markRadius = (properties) =>
    properties.layer === "cities" ? geomap.CITY_RADIUS : geomap.RADII[properties.size] || geomap.RADII[0];

  geomap.markClasses = ({ form, layer }) => `gm-mark gm-${form} gm-${layer}`;

  /* A mark is a Leaflet circle marker with another outline and an offset in pixels. */
  geomap.Mark = L.CircleMarker.extend({
    initialize(feature, latlng, options) {
      L.CircleMarker.prototype.initialize.call(this, latlng, {
        radius: geomap.markRadius(feature.properties),
        bubblingMouseEvents: false,
        ...options,
      });
      this.feature = feature;
      this.offset = L.point(0, 0);
    },

    _project() {
      this._point = this._map.latLngToLayerPoint(this._latlng)._add(this.offset);
      this._updateBounds();
    },

    _updatePath() {
      const { layer, form } = this.feature.properties;
      const { x, y } = this._point;
      this._renderer._setPath(this, this._empty() ? "M0 0" : geomap.markPath(layer, form, x, y, this._radius));
    },

    /* Moves the mark so many pixels off its place, to fan out from others there. */
    setOffset(x, y) {
      if (this.offset.x === x && this.offset.y === y) return;
      this.offset = L.point(x, y);
      if (this._map) this.redraw();
    },

    setHidden(hidden) {
      if (!this._path || this.hidden === hidden) return;
      this.hidden = hidden;
      this._path.classList.toggle("gm-away", hidden);
    },
  });
})(window);
