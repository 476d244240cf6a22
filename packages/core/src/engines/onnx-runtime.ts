/** The release that package.json pins; a test compares the two. */
export const ONNXRUNTIME_VERSION = '1.30.0';
