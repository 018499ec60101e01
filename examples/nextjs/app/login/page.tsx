const reasons: Record<string, string> = {
  access_denied: 'You declined. Nothing was shared.',
  expired_state: 'That took too long.',
  stale_code: 'That sign-in was already finished.',
};

// It waits for the query.
export const instant = false;

export default async function Login({ searchParams }: { searchParams: Promise<{ reason?: string }> }) {
  const { reason = '' } = await searchParams;
  return (
    <main>
      <p>{reasons[reason] ?? 'The sign-in failed. Does your browser block cookies?'}</p>
      <a href="/auth/metafy">Sign in with Metafy</a>
    </main>
  );
}
