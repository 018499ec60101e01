export { renderAccount } from './account';
export { renderError, renderNotFound } from './error';
export { renderFailedSignIn } from './failed-sign-in';
export { renderHome } from './home';
export type { Link } from './layout';
export { renderScopeRequired, renderSignInAgain, renderSignInRequired } from './sign-in-required';
export { type Area, renderNoAnswer, renderSupporters, type SupportersSite } from './supporters';
