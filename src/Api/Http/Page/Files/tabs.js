/** The two views, as tabs; the address says which is open. */

import { byId } from './elements.js';

const NAMES = ['try', 'watch'];

/** @param {() => void} onShown */
export function startTabs(onShown) {
  const show = (/** @type {string} */ name) => {
    for (const other of NAMES) {
      const tab = byId(`tab-${other}`);
      tab.setAttribute('aria-selected', String(other === name));
      tab.tabIndex = other === name ? 0 : -1;
      byId(other).hidden = other !== name;
    }
    onShown();
  };
  const go = (/** @type {string} */ name) => {
    history.replaceState(null, '', `#${name}`);
    show(name);
  };
  NAMES.forEach((name, i) => {
    byId(`tab-${name}`).addEventListener('click', () => go(name));
    byId(`tab-${name}`).addEventListener('keydown', /** @param {KeyboardEvent} event */ event => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')
        return;
      const next = NAMES[(i + 1) % NAMES.length];
      go(next);
      byId(`tab-${next}`).focus();
    });
  });
  const named = () => NAMES.find(name => location.hash === `#${name}`) ?? NAMES[0];
  addEventListener('hashchange', () => show(named()));
  show(named());
}
