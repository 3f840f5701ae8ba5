/* The binary point file, as geomap/maps/binary.py writes it, and what is worked out from it. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const MAGIC = 0x31504d47; // "GMP1", little endian
  const HEAD = 56;

  /* Reads the file written by geomap/maps/binary.py. */
  geomap.decodePoints = function (buffer) {
    const head = new DataView(buffer);
    if (head.getUint32(0, true) !== MAGIC) throw new Error("not a point file");
    const count = head.getUint32(4, true);
    const sites = head.getUint32(8, true);
    const [west, south, wide, high] = [16, 24, 32, 40].map((at) => head.getFloat64(at, true));
    const bytes = new Uint8Array(buffer, HEAD);
    const plane = (i) => bytes.subarray(i * count, (i + 1) * count);
    const drawn = bytes.subarray(8 * count);
    const whole = (a, b, c, i) => (a[i] << 16) | (b[i] << 8) | c[i];
    const [x2, x1, x0, y2, y1, y0] = [0, 1, 2, 3, 4, 5].map(plane);
    const lon = new Float64Array(count);
    const lat = new Float64Array(count);
    for (let i = 0; i < count; i += 1) {
      lon[i] = west + (wide * whole(x2, x1, x0, i)) / 0xffffff;
      lat[i] = south + (high * whole(y2, y1, y0, i)) / 0xffffff;
    }
    return { count, lon, lat, style: plane(6), size: plane(7), site: siteNumbers(drawn, sites, count) };
  };

  /* The numbers of the sites that are drawn, from one bit per site. */
  function siteNumbers(drawn, sites, count) {
    const found = new Uint32Array(count);
    for (let site = 0, at = 0; site < sites && at < count; site += 1) {
      if ((drawn[site >> 3] >> (site & 7)) & 1) found[at++] = site;
    }
    return found;
  }

  /* Web Mercator in world units 0..1. */
  geomap.worldOf = function (points, shift) {
    const x = new Float64Array(points.count);
    const y = new Float64Array(points.count);
    for (let i = 0; i < points.count; i += 1) {
      let [lat, lon] = [points.lat[i], points.lon[i]];
      if (shift) [lat, lon] = shift(lat, lon);
      const sin = Math.sin((lat * Math.PI) / 180);
      x[i] = lon / 360 + 0.5;
      y[i] = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
    }
    return { x, y };
  };

  /* Position of a value in ascending numbers, -1 when it is not there. */
  geomap.indexIn = function (numbers, value) {
    let [low, high] = [0, numbers.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] === value) return middle;
      if (numbers[middle] < value) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
})(window);
