// What is thrown to answer a call with an error of the contract: `payload` is the contract's value.

export class Failure extends Error {
  constructor(payload) {
    super("the call fails with an error of the contract");
    this.payload = payload;
  }
}

export const failure = (tag, val) => new Failure({ tag, val });

// What is missing in an answer, or of another type than expected, is no crash.
export const answered = (call) => (...given) => {
  try {
    return call(...given);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw failure("unexpected", `an answer of the site is not understood: ${error.message}`);
  }
};
