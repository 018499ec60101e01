import { connection } from 'next/server';
import { getMetafy } from '@/lib/metafy';

export async function GET(request: Request): Promise<Response> {
  await connection(); // not while the application is built
  const returnTo = new URL(request.url).searchParams.get('returnTo');
  return getMetafy().signIn.start(request, { state: { returnTo } });
}
