import { getMetafy } from '@/lib/metafy';

export async function GET(request: Request): Promise<Response> {
  const returnTo = new URL(request.url).searchParams.get('returnTo');
  return getMetafy().signIn.start(request, { state: { returnTo } });
}
