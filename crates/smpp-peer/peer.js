// A message centre for tests, on the npm package `smpp`, which none of us wrote.
// One JSON command a line on standard input, one JSON answer or event a line on standard output. It never decides anything by itself.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const smpp = require(path.join(process.argv[2], 'node_modules', 'smpp'));

// The octets as they came, beside what the package reads of them.
const decode = smpp.filters.message.decode;
smpp.filters.message.decode = function (value, skipHeader) {
  if (Buffer.isBuffer(value) && value.length) this.octets = value.toString('hex');
  return decode.call(this, value, skipHeader);
};

const behaviour = {
  bind_status: 0,
  statuses: [], // of the next submissions, one each
  status: 0,
  delay_ms: 0,
  hold: false, // submissions wait for `release`
  drop_after: 0, // the connection breaks after so many more accepted submissions, without the answer to the last
  keeps_lost: false, // every second submission whose connection breaks is accepted all the same
  mute: false, // nothing is answered any more
  receipts: 'none', // after | before
  receipt_form: 'text', // text | parameters
  receipt_text: false, // a receipt says how its text began
  ids: 'decimal', // decimal | hex_submission | hex_receipt
  rate: 0, // submissions a second; what comes faster is throttled
};
const stats = { binds: 0, submissions: 0, accepted: 0, doubled: 0, throttled: 0, in_flight: 0, max_in_flight: 0, receipts: 0, receipts_answered: 0, enquiries: 0, unbinds: 0 };
let server = null;
let port = 0;
let nextId = 1000;
let tls = {};
const sessions = new Set();
const held = [];
const seen = new Set();
let submitted = [];
let waiting = []; // receipts and texts without a link, or without an answer
const accepted = new Map(); // how often each text was taken
let second = 0;
let inSecond = 0;

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

function listen(done) {
  server = smpp.createServer(tls, (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy());
    session.on('close', () => { sessions.delete(session); stats.in_flight -= session.inFlight || 0; session.inFlight = 0; });
    session.on('pdu', (pdu) => { if (!behaviour.mute) take(session, pdu); });
  });
  server.on('error', () => {});
  server.listen(port, '127.0.0.1', () => { port = server.address().port; done(); });
}

function take(session, pdu) {
  switch (pdu.command) {
    case 'bind_transceiver': case 'bind_transmitter': case 'bind_receiver':
      stats.binds += 1;
      say({ event: 'bind', command: pdu.command, system_id: pdu.system_id, password: pdu.password, system_type: pdu.system_type, interface_version: pdu.interface_version });
      session.send(pdu.response({ command_status: behaviour.bind_status, system_id: 'peer' }));
      if (behaviour.bind_status) return;
      session.role = pdu.command;
      flush();
      return;
    case 'enquire_link': stats.enquiries += 1; session.send(pdu.response()); return;
    case 'unbind': stats.unbinds += 1; say({ event: 'unbind' }); session.send(pdu.response()); session.close(); return;
    case 'unbind_resp': say({ event: 'unbind_resp' }); session.close(); return;
    case 'generic_nack': say({ event: 'generic_nack', status: pdu.command_status, sequence: pdu.sequence_number }); return;
    case 'submit_sm': return submit(session, pdu);
  }
}

function submit(session, pdu) {
  stats.submissions += 1;
  stats.in_flight += 1;
  session.inFlight = (session.inFlight || 0) + 1;
  stats.max_in_flight = Math.max(stats.max_in_flight, stats.in_flight);
  const answer = () => setImmediate(() => judge(session, pdu));
  if (behaviour.hold) held.push(answer);
  else if (behaviour.delay_ms) setTimeout(answer, behaviour.delay_ms);
  else answer();
}

function tooFast() {
  if (!behaviour.rate) return false;
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) { second = now; inSecond = 0; }
  inSecond += 1;
  return inSecond > behaviour.rate;
}

function judge(session, pdu) {
  if (!sessions.has(session)) {
    if (behaviour.keeps_lost && pdu.sequence_number % 2) deliverReceipt(accept(pdu));
    return;
  }
  const status = behaviour.statuses.length ? behaviour.statuses.shift() : tooFast() ? 0x58 : behaviour.status;
  if (status === 0x58) stats.throttled += 1;
  if (status) return respond(session, pdu, { command_status: status });
  const receipt = accept(pdu);
  if (behaviour.receipts === 'before') deliverReceipt(receipt);
  if (behaviour.drop_after && --behaviour.drop_after === 0) {
    session.destroy();
  } else {
    const told = behaviour.ids === 'hex_submission' ? receipt.id.toString(16).toUpperCase().padStart(10, '0') : String(receipt.id);
    respond(session, pdu, { message_id: told });
  }
  if (behaviour.receipts === 'after') deliverReceipt(receipt);
}

function accept(pdu) {
  const key = [pdu.source_addr, pdu.destination_addr, pdu.octets].join(' ');
  if (seen.has(key)) stats.doubled += 1;
  seen.add(key);
  stats.accepted += 1;
  accepted.set(textOf(pdu), (accepted.get(textOf(pdu)) || 0) + 1);
  submitted.push({
    from: pdu.source_addr,
    ton: [pdu.source_addr_ton, pdu.source_addr_npi, pdu.dest_addr_ton, pdu.dest_addr_npi],
    esm_class: pdu.esm_class,
    data_coding: pdu.data_coding,
    registered_delivery: pdu.registered_delivery,
    octets: pdu.octets,
    text: textOf(pdu),
  });
  if (submitted.length > 100) submitted.shift();
  return { from: pdu.destination_addr, to: pdu.source_addr, id: nextId++, text: behaviour.receipt_text ? textOf(pdu).slice(0, 20) : '' };
}

const textOf = (pdu) => {
  const whole = pdu.message_payload || pdu.short_message;
  return whole && whole.message !== undefined ? String(whole.message) : '';
};

function respond(session, pdu, options) {
  stats.in_flight -= 1;
  session.inFlight -= 1;
  session.send(pdu.response(options));
}

function deliverReceipt({ from, to, id, text }) {
  const told = behaviour.ids === 'hex_receipt' ? id.toString(16).toUpperCase().padStart(8, '0') : String(id);
  const options = { source_addr_ton: 1, source_addr_npi: 1, source_addr: from, dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: to, esm_class: 4 };
  if (behaviour.receipt_form === 'parameters') Object.assign(options, { receipted_message_id: told, message_state: 2, short_message: '' });
  else options.short_message = `id:${told} sub:001 dlvrd:001 submit date:2401011200 done date:240101120001 stat:DELIVRD err:000 text:${text}`;
  waiting.push(options);
  flush();
}

// Receipts, and texts that are brought, are kept until a link takes them, and until it answers that it has them.
function flush() {
  const session = [...sessions].find((one) => one.role === 'bind_receiver' || one.role === 'bind_transceiver');
  if (!session) return;
  for (const options of waiting.splice(0)) {
    let open = true;
    const again = () => { if (open) { open = false; waiting.push(options); } };
    session.once('close', again);
    session.setMaxListeners(0);
    session.deliver_sm({ ...options }, (response) => {
      if (!open) return;
      session.removeListener('close', again);
      if (response.command_status) return setTimeout(() => { again(); flush(); }, 50);
      open = false;
      stats.receipts_answered += 1;
    });
    stats.receipts += 1;
  }
}

function deliver(command, pdus) {
  const session = [...sessions].find((one) => one.role !== 'bind_transmitter' && one.role);
  pdus.forEach((options, index) => {
    for (const name of ['short_message', 'message_payload']) {
      if (options[name] && options[name].hex !== undefined) options[name] = Buffer.from(options[name].hex, 'hex');
    }
    session[command](options, (response) => say({ event: 'answer', index, status: response.command_status }));
  });
}

const commands = {
  behave: ({ change }) => Object.assign(behaviour, change),
  alphabet: ({ name }) => { smpp.encodings.default = name; },
  stats: () => ({ ...stats, waiting: waiting.length }),
  submitted: () => { const all = submitted; submitted = []; return { submitted: all }; },
  deliver: ({ command, pdus }) => deliver(command || 'deliver_sm', pdus),
  raw: ({ hex }) => { for (const session of sessions) session.socket.write(Buffer.from(hex, 'hex')); },
  bring: ({ pdus }) => { waiting.push(...pdus); flush(); },
  accepted: () => ({ texts: Object.fromEntries(accepted) }),
  release: () => held.splice(0).forEach((answer) => answer()),
  unbind: () => { for (const session of sessions) session.unbind(); },
  drop: () => { for (const session of [...sessions]) session.destroy(); },
};

function main(line) {
  const { do: name, ...rest } = JSON.parse(line);
  if (name === 'start') {
    if (rest.tls) tls = { key: fs.readFileSync(rest.tls.key), cert: fs.readFileSync(rest.tls.cert) };
    return listen(() => say({ answer: name, port }));
  }
  if (name === 'stop') {
    for (const session of [...sessions]) session.destroy();
    return server.close(() => say({ answer: name }));
  }
  const result = commands[name](rest);
  say({ answer: name, ...(result && typeof result === 'object' && !Array.isArray(result) ? result : {}) });
}

readline.createInterface({ input: process.stdin }).on('line', main).on('close', () => process.exit(0));
