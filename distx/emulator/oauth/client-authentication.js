"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readClientCredentials = readClientCredentials;
exports.authenticateClient = authenticateClient;
function readClientCredentials({ headers, parameters }) {
    const basic = /^basic\s+(.*)$/is.exec(headers.authorization ?? '')?.[1] ?? '';
    const [, basicID, basicSecret] = /^([^:]+):?(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
    if (basicID !== undefined)
        return { clientID: basicID, clientSecret: basicSecret };
    const clientID = parameters.get('client_id');
    return clientID === undefined ? undefined : { clientID, clientSecret: parameters.get('client_secret') };
}
function authenticateClient(credentials, applications) {
    return applications.find(({ clientID, clientSecret }) => clientID === credentials?.clientID && clientSecret === credentials.clientSecret);
}
