import { getSignIn } from '$lib/server/metafy';

export const GET = ({ request }) => getSignIn().start(request);
