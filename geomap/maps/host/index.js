/* Entry of the Streamlit component: loads the renderer once, then keeps the hosted map informed. */

const hosts = new WeakMap();
const scripts = new Map();

function loadScript(url) {
  if (!scripts.has(url)) {
    scripts.set(url, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.async = false;
      script.onload = resolve;
      script.onerror = () => {
        scripts.delete(url);
        script.remove();
        reject(new Error(`could not load ${url}`));
      };
      document.head.append(script);
    }));
  }
  return scripts.get(url);
}

function loadStyle(url) {
  if (document.querySelector(`link[data-geomap="${url}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = url;
  link.dataset.geomap = url;
  document.head.append(link);
}

/* Streamlit calls this at every change of data; the map itself is built once. */
export default function (component) {
  const { parentElement, data } = component;
  let host = hosts.get(parentElement);
  if (!host) {
    host = { latest: null, running: null };
    hosts.set(parentElement, host);
  }
  host.latest = component;
  for (const url of data.styles) loadStyle(data.base + url);
  host.running = (host.running || Promise.resolve()).then(() => advance(host));
  host.running.catch(() => { host.running = null; });
  return () => leave(parentElement, host);
}

async function advance(host) {
  const { data, parentElement } = host.latest;
  await Promise.all(data.scripts.map((url) => loadScript(data.base + url)));
  const geomap = window.geomap;
  await geomap.host(host, parentElement, data, {
    loadScript,
    click: (value) => host.latest.setTriggerValue("click", value),
    state: (name, value) => host.latest.setStateValue(name, value),
  });
}

function leave(parentElement, host) {
  hosts.delete(parentElement);
  if (host.stage) host.stage.close();
}
