export function ArchitecturePage() { return <p>…</p>; }
