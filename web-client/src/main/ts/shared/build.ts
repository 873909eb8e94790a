declare const BUILD: string; // put in by the build

/** Names what the page or worker that runs here was built from: the same for both. */
export const build = BUILD;

export const OTHER_BUILD = 'The server has a newer version of this page: load this one again';
