export { renderAccount } from './account';
export { renderError, renderNotFound } from './error';
export { renderFailedSignIn } from './failed-sign-in';
export { renderHome } from './home';
export { renderSignInAgain, renderSignInRequired } from './sign-in-required';
