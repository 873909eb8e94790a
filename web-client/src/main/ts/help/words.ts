/** The page's own words in plain ones. Each has an address: /help#key. */
export const WORDS = {
  receipt: ['Receipt', 'The signed record of one answer: which model, what was asked, what was answered. Whoever signed it cannot deny it.'],
  commitment: ['Commitment', 'A number of 32 bytes made from some data. Other data has another number, so it fixes the data without holding it.'],
  proposer: ['Proposer', 'Who gives an answer and stakes money on it. Here it is this server.'],
  challenger: ['Challenger', 'Who says that an answer is wrong, and stakes money on that. Anybody may.'],
  bond: ['Bond', 'The money that a party loses when it is proved wrong.'],
  escrow: ['Escrow', 'Money that the proposer has locked in a contract: bonds for receipts that could turn out false.'],
  anchor: ['Anchored', 'Written into a block of the chain, in a batch with other receipts. From then on nobody can change it or its date.'],
  window: ['Challenge window', 'The time in which a receipt can be challenged. When it has passed, the answer is final.'],
  upheld: ['Upheld, overturned', 'How the challenge of an answer ended: it was proved right, or it was proved wrong.'],
  game: ['Game', 'How a disagreement is settled: proposer and challenger narrow it down, move by move, to one instruction. A contract executes that one.'],
  trace: ['Trace', 'All states of the machine while it makes an answer, one after each instruction.'],
  state: ['State', 'Everything the machine holds at one moment: registers and memory, known by one commitment.'],
  step: ['Step', 'One instruction: from one state to the next.'],
  operator: ['Operator', 'A piece of the model’s work, such as one row block of a matrix. A trace is a row of operators.'],
  witness: ['Witness', 'What a contract needs to execute one step: the state before it and the memory that it touches, with proof.'],
  machine: ['Virtual machine', 'A small computer in software that gives the same result everywhere: on the server, in your browser, and step by step in a contract.'],
  root: ['Root', 'The commitment to a whole file or memory, made so that a small piece of it can be proved alone.'],
  chain: ['Chain', 'A public record that nobody can rewrite. The contracts on it hold the bonds and judge the games.'],
  endpoint: ['RPC endpoint', 'The address of a node, a computer that knows the chain and answers questions about it.'],
  gas: ['Gas', 'The price of a transaction on the chain, in units of work.'],
  token: ['Token', 'A piece of text as the model reads and writes it, often part of a word.'],
  context: ['Context', 'How many tokens a model can hold, question and answer together.'],
  temperature: ['Temperature, seed', 'At temperature 0 the model always takes the likeliest token. Above 0 chance takes part; the seed fixes chance, so the answer can be made again.'],
  quantization: ['Quantization', 'How the numbers of a model were rounded to make it smaller, such as Q4_1: about five bits a number.'],
} as const;

export type Word = keyof typeof WORDS;
