"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.respondToRevocation = respondToRevocation;
const response_1 = require("../http/response");
const client_authentication_1 = require("./client-authentication");
function respondToRevocation(request, { applications }, store) {
    const token = request.parameters.get('token') ?? '';
    const authorization = (store.findByAccessToken(token) ?? store.findByRefreshToken(token))?.authorization;
    if (!authorization)
        return (0, response_1.jsonResponse)({});
    const application = (0, client_authentication_1.authenticateClient)((0, client_authentication_1.readClientCredentials)(request), applications);
    if (application?.clientID !== authorization.clientID) {
        return {
            status: 403,
            headers: { 'Content-Type': response_1.JSON_TYPE, 'Cache-Control': 'no-cache' },
            body: JSON.stringify({
                error: 'unauthorized_client',
                error_description: 'You are not authorized to revoke this token',
            }),
        };
    }
    authorization.isRevoked = true;
    return (0, response_1.jsonResponse)({});
}
