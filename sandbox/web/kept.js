// The few things that this browser keeps for the next visit. One that keeps nothing forgets them, and nothing else happens.

export function kept(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is full, or this browser allows none.
  }
}
