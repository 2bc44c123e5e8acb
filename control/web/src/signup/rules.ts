// The rules of control/people/password_rules.py that a page can tell while one types.

export const PASSWORD_CHARS = 15;
export const PASSWORD_CHARS_WITH_SECOND_FACTOR = 8;
