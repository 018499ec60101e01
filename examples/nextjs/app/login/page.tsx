const reasons: Record<string, string> = {
  access_denied: 'You declined. Nothing was shared.',
  expired_state: 'That took too long.',
  unknown_state: 'That sign-in has already finished, or your browser blocks cookies.',
  stale_code: 'That sign-in was used already, or took too long.',
  not_revoked: 'You are signed out. Metafy did not answer, so access has not been revoked yet.',
};

// May block: it reads the query.
export const instant = false;

export default async function Login({ searchParams }: { searchParams: Promise<{ reason?: string }> }) {
  const { reason = '' } = await searchParams;
  return (
    <main>
      <p>{reasons[reason] ?? 'The sign-in failed.'}</p>
      <a href="/auth/metafy">Sign in with Metafy</a>
    </main>
  );
}
