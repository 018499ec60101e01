"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.STYLE = void 0;
exports.STYLE = `
:root {
  --page: #f4f3f8; --card: #ffffff; --line: #dddae6; --edge: #8f89a5; --text: #1d1a29; --muted: #5b5670;
  --accent: #5b3fd6; --accent-hover: #4a31b8; --on-accent: #ffffff; --soft: #efecfa; --shadow: #2a1f5c14;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131119; --card: #1d1a27; --line: #363145; --edge: #78718f; --text: #f0eef6; --muted: #aca6bf;
    --accent: #b4a2ff; --accent-hover: #c8bbff; --on-accent: #1b1430; --soft: #2a2538; --shadow: #00000040;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: 0 1rem 3rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.banner { padding: .75rem 0; margin-bottom: auto; color: var(--muted); font-size: .8125rem; text-align: center; }
.card {
  width: 100%; max-width: 27rem; margin: 1rem 0 auto; padding: 2rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 1rem 3rem var(--shadow);
}
dl { display: grid; grid-template-columns: 10rem 1fr; gap: .25rem 1rem; margin-top: .75rem; }
dt { color: var(--muted); overflow-wrap: anywhere; }
dd { min-width: 0; overflow-wrap: anywhere; }
dd code { display: block; line-height: 1.5rem; }
.wide { max-width: 44rem; }
h1 { font-size: 1.375rem; line-height: 1.3; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: .9375rem; margin: 1.5rem 0 .75rem; }
p, li, span { overflow-wrap: anywhere; }
.lead { margin-top: .5rem; color: var(--muted); }
.note { margin-top: 1.5rem; color: var(--muted); font-size: .875rem; }
ul { list-style: none; padding: 0; display: grid; gap: .75rem; }
.people { margin-top: 1.5rem; }
.person, .account {
  width: 100%; display: flex; align-items: center; gap: .75rem; padding: .75rem;
  border: 1px solid var(--edge); border-radius: .75rem; background: none; color: inherit; font: inherit; text-align: left;
}
.person img, .account img { flex: none; border-radius: 50%; }
.person > span, .account > span { flex: 1; min-width: 0; }
.person small, .account small { display: block; color: var(--muted); font-size: .8125rem; }
.person { cursor: pointer; }
.person:hover { background: var(--soft); border-color: var(--accent); }
.account { margin-top: 1.5rem; background: var(--soft); border-color: transparent; }
.scopes li { display: flex; gap: .625rem; }
.scopes svg { flex: none; margin-top: .25rem; color: var(--accent); }
.actions { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: 2rem; }
.actions > :only-child { grid-column: 1 / -1; }
.button {
  min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--edge); border-radius: .625rem;
  background: none; color: inherit; font: inherit; font-weight: 600; cursor: pointer;
}
.button:hover { background: var(--soft); }
.button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.button.primary:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
.link {
  min-height: 2rem; padding: .25rem; border: 0; background: none; color: var(--accent); cursor: pointer;
  font: inherit; font-size: .875rem; text-decoration: underline; text-underline-offset: .15em;
}
.link:hover { color: var(--accent-hover); }
.problem { margin-top: 1.25rem; padding: 1rem; border-radius: .75rem; background: var(--soft); }
code { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.problem code { display: block; margin-bottom: .375rem; font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
li.account { margin-top: 0; }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; row-gap: 0; }
  dd + dt { margin-top: .5rem; }
  li.account { flex-wrap: wrap; }
  li.account > span:last-child { flex-basis: 100%; }
}
@media (max-width: 26rem) { .card { padding: 1.5rem 1.25rem; } }
`;
