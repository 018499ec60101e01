// The order matters: a missing library must be explained before anything tries to load it.
import './peer-dependency';

import OAuth2Server = require('@node-oauth/oauth2-server');

/** The library that holds the grant logic, loaded in this one place. */
export { OAuth2Server };
