export function OwnersPage() { return <p>…</p>; }
