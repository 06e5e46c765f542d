// A text of the screen in the reader's language, where the admin's catalogue is loaded.
export const translated = (text) => (window.gettext ? window.gettext(text) : text);
