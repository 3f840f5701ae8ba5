/* Measures on the ground: scale at a latitude, distances and areas on the WGS 84 ellipsoid. */
(function (window) {
  "use strict";

  const geomap = window.geomap;
  const A = 6378137;
  const F = 1 / 298.257223563;
  const B = A * (1 - F);
  const E2 = F * (2 - F);
  const TILE = 256;
  const rad = (degrees) => (degrees * Math.PI) / 180;

  /* Kilometres a pixel spans from west to east at a latitude and zoom. */
  geomap.kmPerPixel = function (lat, zoom) {
    const sin = Math.sin(rad(lat));
    const prime = A / Math.sqrt(1 - E2 * sin * sin);
    return (2 * Math.PI * prime * Math.cos(rad(lat))) / (TILE * 2 ** zoom) / 1000;
  };

  /* The zoom, fractional, at which a pixel spans so many kilometres at a latitude. */
  geomap.zoomFor = (lat, kmPerPixel) => Math.log2(geomap.kmPerPixel(lat, 0) / kmPerPixel);

  /* Distance in kilometres between two {lat, lng}: Vincenty's inverse formula. */
  geomap.distanceKm = function (from, to) {
    const U1 = Math.atan((1 - F) * Math.tan(rad(from.lat)));
    const U2 = Math.atan((1 - F) * Math.tan(rad(to.lat)));
    const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
    const between = rad(to.lng - from.lng);
    let lambda = between;
    let step = {};
    for (let round = 0; round < 100; round += 1) {
      step = vincentyStep(lambda, s1, c1, s2, c2);
      if (step.sinSigma === 0) return 0;
      const next = between + longitudeStep(step);
      if (Math.abs(next - lambda) < 1e-12) break;
      lambda = next;
    }
    return arcLength(step) / 1000;
  };

  function vincentyStep(lambda, s1, c1, s2, c2) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    const sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    const cosSigma = s1 * s2 + c1 * c2 * cl;
    const sinAlpha = sinSigma === 0 ? 0 : (c1 * c2 * sl) / sinSigma;
    const cos2Alpha = 1 - sinAlpha * sinAlpha;
    const cos2Mid = cos2Alpha === 0 ? 0 : cosSigma - (2 * s1 * s2) / cos2Alpha;
    return { sinSigma, cosSigma, sinAlpha, cos2Alpha, cos2Mid, sigma: Math.atan2(sinSigma, cosSigma) };
  }

  function longitudeStep({ sinSigma, cosSigma, sinAlpha, cos2Alpha, cos2Mid, sigma }) {
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const inner = cos2Mid + C * cosSigma * (2 * cos2Mid * cos2Mid - 1);
    return (1 - C) * F * sinAlpha * (sigma + C * sinSigma * inner);
  }

  function arcLength({ sinSigma, cosSigma, cos2Alpha, cos2Mid, sigma }) {
    const u2 = (cos2Alpha * (A * A - B * B)) / (B * B);
    const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
    const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
    const m2 = cos2Mid * cos2Mid;
    const inner = cosSigma * (2 * m2 - 1) - (b / 6) * cos2Mid * (4 * sinSigma * sinSigma - 3) * (4 * m2 - 3);
    return B * a * (sigma - b * sinSigma * (cos2Mid + (b / 4) * inner));
  }

  /* Area in square kilometres of a ring of {lat, lng}: exact between meridians and parallels,
     on the sphere of equal area. */
  geomap.areaKm2 = function (ring) {
    let sum = 0;
    for (let i = 0; i < ring.length; i += 1) {
      const [from, to] = [ring[i], ring[(i + 1) % ring.length]];
      sum += rad(to.lng - from.lng) * (authalicSine(from.lat) + authalicSine(to.lat));
    }
    const q = authalicQ(1);
    return (Math.abs(sum) / 4) * A * A * q / 1e6;
  };

  function authalicQ(sin) {
    const e = Math.sqrt(E2);
    return (1 - E2) * (sin / (1 - E2 * sin * sin) - Math.log((1 - e * sin) / (1 + e * sin)) / (2 * e));
  }

  const authalicSine = (lat) => authalicQ(Math.sin(rad(lat))) / authalicQ(1);

  /* The longest round number of kilometres that fits into so many pixels, and its width. */
  geomap.roundBar = function (kmPerPixel, widest) {
    const longest = kmPerPixel * widest;
    const ten = 10 ** Math.floor(Math.log10(longest));
    const km = ten * [5, 2, 1].find((part) => part * ten <= longest);
    return { km, pixels: km / kmPerPixel };
  };
})(window);
