import { readSession } from '@/lib/session';

// May block: it reads the session's cookie.
export const instant = false;

export default async function Home() {
  const user = await readSession();
  // Not `Link`, which would prefetch it.
  if (!user) return <a href="/auth/metafy">Sign in with Metafy</a>;
  return (
    <main>
      <p>{`Hello, ${user.name}`}</p>
      <a href="/supporters">For supporters</a>
      <form method="post" action="/auth/sign-out">
        <button type="submit">Sign out</button>
      </form>
    </main>
  );
}
