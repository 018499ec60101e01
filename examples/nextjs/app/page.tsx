import { redirect } from 'next/navigation';
import { readSession } from '@/lib/session';

export default async function Home() {
  const user = await readSession();
  if (!user) redirect('/login');
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
