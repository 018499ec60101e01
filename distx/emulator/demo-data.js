"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.DEMO_API_KEY = exports.DEMO_APPLICATION = exports.DEMO_COMMUNITY = exports.DEMO_USERS = exports.DEFAULT_SCOPES = void 0;
exports.DEFAULT_SCOPES = ['profile', 'community', 'purchases', 'products'];
const [ada, grace, linus, alan, edsger, barbara] = [
    '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41',
    'b81d0f52-37c6-4e0a-9c2d-51a7f4e86d03',
    'c4e97a28-6b1f-4d35-a0e8-9f3b2c7d5e16',
    'd7a3b5c9-2e4f-4816-b9d0-7c8e1f6a3b25',
    'e09c6d14-8b7a-4f23-9e51-2d4b8c7f0a36',
    'f5b8e2a7-1c9d-4e60-8f34-a6d2c0b7e948',
];
exports.DEMO_USERS = [
    createUser(ada, 'Ada Coach', 'ada@example.com'),
    createUser(grace, 'Grace Student', null),
    { ...createUser(linus, 'Linus Partner', 'linus@example.com'), partner: true },
    createUser(alan, 'Alan Lapsed', 'alan@example.com'),
    createUser(edsger, 'Edsger Follower', 'edsger@example.com'),
    createUser(barbara, 'Barbara Newcomer', 'barbara@example.com'),
];
exports.DEMO_COMMUNITY = {
    id: '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17',
    title: 'Chess with Linus',
    description: 'Openings, endgames and everything between.',
    logo_url: null,
    cover_url: null,
    url: 'https://metafy.example/chess-with-linus',
    ownerID: linus,
    tiers: [
        { id: '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31', name: 'Supporter' },
        { id: '2c8f5da3-7b6e-4941-8a2f-d3e9c1b86f42', name: 'Student' },
        { id: '3d906eb4-8c7f-4a52-9b30-e4fad2c97053', name: 'Inner Circle' },
    ],
    subscriptions: [
        { userID: ada, tierID: '3d906eb4-8c7f-4a52-9b30-e4fad2c97053' },
        { userID: grace, tierID: '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31' },
        { userID: alan, tierID: '2c8f5da3-7b6e-4941-8a2f-d3e9c1b86f42', isLapsed: true },
    ],
    followerIDs: [ada, alan, edsger],
};
exports.DEMO_APPLICATION = {
    clientID: 'metafy-demo',
    clientSecret: 'metafy-demo-secret',
    name: 'Demo application',
    redirectURIs: ['http://localhost:3000/auth/metafy/callback', 'http://127.0.0.1:3000/auth/metafy/callback'],
    ownerID: linus,
};
exports.DEMO_API_KEY = {
    key: 'api-demo-key-of-linus-for-the-metafy-emulator-1',
    ownerID: linus,
};
function createUser(id, name, email) {
    const slug = name.toLowerCase().replace(' ', '-');
    return { id, name, slug, email, avatar_url: `/avatars/${id}.svg`, partner: false };
}
