import type { Community, Configuration } from '../configuration';
import { findUser } from '../options';

/**
 * A community by its id.
 *
 * @throws {Error} when there is none.
 */
export function findCommunity({ communities }: Configuration, id: string): Community {
  const community = communities.find((candidate) => candidate.id === id);
  if (community) return community;
  throw new Error(`There is no community with the id “${id}”.`);
}

/** Gives a user a subscription to a tier, in place of any they have. */
export function subscribe(
  configuration: Configuration,
  user: string,
  communityID: string,
  tierID: string | null,
): void {
  const community = findCommunity(configuration, communityID);
  if (tierID !== null && !community.tiers.some(({ id }) => id === tierID)) {
    throw new Error(`The community has no tier with the id “${tierID}”.`);
  }
  const { id: userID } = findUser(configuration, user);
  const others = community.subscriptions.filter((subscription) => subscription.userID !== userID);
  community.subscriptions = [...others, { userID, tierID }];
}

/** Lets a user's subscription lapse. */
export function cancel(configuration: Configuration, user: string, communityID: string): void {
  const community = findCommunity(configuration, communityID);
  const { id: userID } = findUser(configuration, user);
  const subscription = community.subscriptions.find((candidate) => candidate.userID === userID);
  if (!subscription) throw new Error(`“${user}” has no subscription to cancel.`);
  subscription.isLapsed = true;
}

/** Lets a user follow a community, or follow it no longer. */
export function setFollowing(
  configuration: Configuration,
  user: string,
  communityID: string,
  isFollowing: boolean,
): void {
  const community = findCommunity(configuration, communityID);
  const { id: userID } = findUser(configuration, user);
  const others = community.followerIDs.filter((id) => id !== userID);
  community.followerIDs = isFollowing ? [...others, userID] : others;
}
