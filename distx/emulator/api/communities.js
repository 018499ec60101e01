"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.findCommunity = findCommunity;
exports.subscribe = subscribe;
exports.cancel = cancel;
exports.setFollowing = setFollowing;
const options_1 = require("../options");
function findCommunity({ communities }, id) {
    const community = communities.find((candidate) => candidate.id === id);
    if (community)
        return community;
    throw new Error(`There is no community with the id “${id}”.`);
}
function subscribe(configuration, user, communityID, tierID) {
    const community = findCommunity(configuration, communityID);
    if (tierID !== null && !community.tiers.some(({ id }) => id === tierID)) {
        throw new Error(`The community has no tier with the id “${tierID}”.`);
    }
    const { id: userID } = (0, options_1.findUser)(configuration, user);
    const others = community.subscriptions.filter((subscription) => subscription.userID !== userID);
    community.subscriptions = [...others, { userID, tierID }];
}
function cancel(configuration, user, communityID) {
    const community = findCommunity(configuration, communityID);
    const { id: userID } = (0, options_1.findUser)(configuration, user);
    const subscription = community.subscriptions.find((candidate) => candidate.userID === userID);
    if (!subscription)
        throw new Error(`“${user}” has no subscription to cancel.`);
    subscription.isLapsed = true;
}
function setFollowing(configuration, user, communityID, isFollowing) {
    const community = findCommunity(configuration, communityID);
    const { id: userID } = (0, options_1.findUser)(configuration, user);
    const others = community.followerIDs.filter((id) => id !== userID);
    community.followerIDs = isFollowing ? [...others, userID] : others;
}
