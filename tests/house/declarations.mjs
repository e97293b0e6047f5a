// What C++ sources declare, define and use, by name alone: enough to find what nobody asks for.
//
// A scanner, no parser: it follows braces and statements, and knows for each identifier whether it
// stands where something is declared or defined, or within a body, an initial value or a type, where
// it is used. Overloads and members of one name are one: a use of any keeps all of them.

const kNoNames = new Set(`alignas alignof and asm auto bool break case catch char char8_t class co_await
  co_return co_yield concept const consteval constexpr constinit const_cast continue decltype default
  delete do double dynamic_cast else enum explicit export extern false final float for friend goto if
  inline int long mutable namespace new noexcept not nullptr operator or override private protected
  public register reinterpret_cast requires return short signed sizeof static static_assert static_cast
  struct switch template this thread_local throw true try typedef typeid typename union unsigned using
  virtual void volatile while`.split(/\s+/));
const isName = (token) => /^[A-Za-z_]\w*$/.test(token.text) && !kNoNames.has(token.text);

// [{text, line}] without comments and literals; what macros are defined as is one body.
export function tokensOf(text) {
  const tokens = [];
  let line = 1;
  const whole = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"(\w*)\([\s\S]*?\)\1"|"(?:[^"\\\n]|\\.)*"|(?<![\w])'(?:[^'\\\n]|\\.)+'|^[ \t]*#(?:[^\n\\]|\\[\s\S])*|[A-Za-z_]\w*|\d(?:[\w.]|'\d)*|::|->|\[\[|\]\]|[^\s]|\n/gm;
  for (const [token] of text.matchAll(whole)) {
    if (/^[ \t]*#/.test(token)) {
      // `#define KNOWN …`: what it stands for is used.
      for (const [name] of (token.match(/^[ \t]*#[ \t]*define[ \t]+\w+(?:\([^)]*\))?([\s\S]*)/)?.[1] ?? '').matchAll(/[A-Za-z_]\w*/g)) {
        tokens.push({ text: name, line, macro: true });
      }
    } else if (/^[A-Za-z_\d[\](){}<>;:,=~&*-]/.test(token) && !/^R?"/.test(token)) {
      tokens.push({ text: token, line });
    } else if (!/^(\/\/|\/\*|R?"|'|\s)/.test(token)) {
      tokens.push({ text: token, line });
    } else if (/^R?"/.test(token)) {
      tokens.push({ text: '""', line });
    }
    line += token.split('\n').length - 1;
  }
  return tokens;
}

// {declared: [{name, kind, line, scope}], used: [{name, within, line}]}; `within` is the function in
// whose body it stands.
export function scan(text) {
  const declared = [];
  const used = [];
  const tokens = withoutAttributes(tokensOf(text).filter((token) => {
    if (token.macro) used.push({ name: token.text, line: token.line });
    return !token.macro;
  }));
  let at = 0;

  // `PATCHBAY_GUARDED_BY(mutex_)` says of a declaration what stands before it; what it names is used.
  function withoutAttributes(all) {
    const kept = [];
    for (let i = 0; i < all.length; ++i) {
      if (!/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(all[i].text)) {
        kept.push(all[i]);
      } else if (all[i + 1]?.text === '(') {
        for (let depth = 0; i < all.length; ++i) {
          if (all[i].text === '(') depth += 1;
          else if (all[i].text === ')' && --depth === 0) break;
          else if (depth && isName(all[i])) used.push({ name: all[i].text, line: all[i].line });
        }
      }
    }
    return kept;
  }

  // A body, an initial value, an argument list: whatever is named in it is used. Ends behind its brace.
  function body(within) {
    for (let depth = 0; at < tokens.length; ++at) {
      const token = tokens[at];
      if (token.text === '{') depth += 1;
      else if (token.text === '}' && --depth === 0) { at += 1; return; }
      else if (isName(token)) used.push({ name: token.text, within, line: token.line });
    }
  }

  function scope(kind, name) {
    let statement = [];
    while (at < tokens.length) {
      const token = tokens[at];
      if (token.text === '}') { at += 1; return; }
      if (token.text === ';') {
        at += 1;
        judge(statement, kind, name, false);
        statement = [];
      } else if (token.text === ':' && statement.length === 1 && /^(public|private|protected)$/.test(statement[0].text)) {
        at += 1;
        statement = [];
      } else if (token.text === '{') {
        const opened = judgeOpening(statement, kind, name);
        if (opened.kind === 'body') {
          body(opened.name);
          // An initial value goes on to its semicolon, a list of members' to the function's own body.
          statement = opened.goesOn && tokens[at]?.text !== ';' ? [{ text: '=', line: token.line }] : [];
          if (opened.goesOn && tokens[at]?.text === ';') at += 1;
        } else if (opened.kind === 'enum') {
          body();
          statement = [];
        } else {
          at += 1;
          scope(opened.kind, opened.name);
          statement = [];
        }
      } else {
        statement.push(token);
        at += 1;
      }
    }
  }

  const has = (statement, word) => statement.some(({ text: each }) => each === word);

  function judgeOpening(statement, kind, name) {
    const words = statement.map(({ text: each }) => each);
    if (words.includes('namespace') || (words[0] === 'extern' && words[1] === '""')) {
      return { kind: 'namespace' };
    }
    const head = withoutTemplate(statement);
    if (head[0]?.text === 'enum') {
      const named = head.find(isName);
      if (named) declared.push({ name: named.text, kind: 'type', line: named.line, scope: name });
      return { kind: 'enum' };
    }
    if (/^(class|struct|union)$/.test(head[0]?.text) && !head.some(({ text: each }) => each === '(' || each === '=')) {
      const type = typeName(head);
      if (type) {
        declared.push({ name: type.text, kind: 'type', line: type.line, scope: name });
        for (const each of head) if (each !== type && isName(each)) used.push({ name: each.text, line: each.line });
      }
      return { kind: 'class', name: type?.text };
    }
    const made = judge(statement, kind, name, true);
    return { kind: 'body', name: made?.kind === 'function' ? made.name : undefined,
      goesOn: made?.kind !== 'function' || has(statement, '=') || endsInMemberList(statement) };
  }

  // `Foo::Foo(int a) : a_{a}, b_(2) {`: the brace behind a member's name is its initial value.
  function endsInMemberList(statement) {
    const last = statement.at(-1);
    return last && isName(last) && has(statement, ')') && /^(:|,)$/.test(statement.at(-2)?.text);
  }

  function withoutTemplate(statement) {
    let from = 0;
    while (statement[from]?.text === '[[') {
      while (statement[from] && statement[from].text !== ']]') from += 1;
      from += 1;
    }
    while (statement[from]?.text === 'template') {
      from += 1;
      for (let depth = 0; from < statement.length;) {
        const { text: each } = statement[from++];
        if (each === '<') depth += 1;
        if (each === '>' && --depth === 0) break;
      }
    }
    return statement.slice(from);
  }

  // `class [[nodiscard]] alignas(64) Foo final : public Bar`
  function typeName(head) {
    const names = [];
    for (const token of head.slice(1)) {
      if (token.text === ':' || token.text === '<') break;
      if (isName(token)) names.push(token);
    }
    return names.at(-1);
  }

  // A statement of a namespace or a class: what it declares, and what it uses for that.
  function judge(whole, kind, owner, opens) {
    const statement = withoutTemplate(whole);
    const template = whole.slice(0, whole.length - statement.length);
    const use = (list, within) => {
      for (const [i, token] of list.entries()) {
        if (isName(token) && !isParameter(list, i)) used.push({ name: token.text, within, line: token.line });
      }
    };
    if (!statement.length) return undefined;
    const first = statement[0].text;
    if (first === '=' || first === ',' || first === ':') return void use(statement);
    if (first === 'using' || first === 'typedef') {
      const made = statement[2]?.text === '=' ? statement[1] : undefined;
      if (made && first === 'using') declared.push({ name: made.text, kind: 'type', line: made.line, scope: owner });
      return void use(statement.filter((token) => token !== made).slice(1));
    }
    if (/^(class|struct|union|enum)$/.test(first) && !has(statement, '(') && !has(statement, '=')) {
      const names = statement.filter(isName);  // a forward declaration
      if (names.length === 1) declared.push({ name: names[0].text, kind: 'type', line: names[0].line, scope: owner });
      return undefined;
    }
    if (first === 'static_assert' || first === 'friend' || has(statement, 'operator')) return void use(whole);

    // The name stands before the first bracket that is not within template arguments.
    let name;
    let isFunction = false;
    let end = statement.length;
    for (let i = 0, angle = 0, square = 0; i < statement.length; ++i) {
      const { text: each } = statement[i];
      if (each === '<') angle += 1;
      else if (each === '>') angle -= 1;
      else if (each === '[[') square += 1;
      else if (each === ']]') square -= 1;
      if (angle > 0 || square > 0) continue;
      if (/^(alignas|decltype|explicit|noexcept|requires)$/.test(each) && statement[i + 1]?.text === '(') {
        for (let depth = 0; i < statement.length; ++i) {
          if (statement[i].text === '(') depth += 1;
          if (statement[i].text === ')' && --depth === 0) break;
        }
        continue;
      }
      if (each === '(') {
        name = statement[i - 1];
        isFunction = true;
        end = i;
        break;
      }
      if (each === '=' || each === '[' || each === ':') {
        name = statement[i - 1];
        end = i;
        break;
      }
    }
    name ??= statement.at(-1);
    if (!name || !isName(name)) return void use(whole);
    const before = statement.slice(0, Math.min(end, statement.indexOf(name)));
    // `Type Owner::name(`: the owner is not used by its own definition.
    const qualifiers = new Set();
    while (before.at(-1)?.text === '::') {
      before.pop();
      if (before.at(-1)?.text === '>') {
        for (let depth = 0; before.length;) {
          const { text: each } = before.pop();
          if (each === '>') depth += 1;
          if (each === '<' && --depth === 0) break;
        }
      }
      const qualifier = before.pop();
      if (qualifier) qualifiers.add(qualifier.text);
    }
    const isConstructor = name.text === owner || qualifiers.has(name.text) || before.at(-1)?.text === '~';
    const made = { name: name.text, line: name.line, scope: owner,
      kind: isConstructor ? 'constructor' : isFunction ? 'function'
        : kind === 'class' && !has(whole, 'static') ? 'field' : 'constant' };
    declared.push(made);
    use([...template, ...before]);
    use(statement.slice(end), isFunction && opens ? name.text : undefined);
    return made;
  }

  // `(const Foo& bar, int baz = 3)`: bar and baz only name what is given.
  function isParameter(list, i) {
    const next = list[i + 1]?.text;
    const previous = list[i - 1];
    return (next === ',' || next === ')' || next === '=') && previous !== undefined
      && (isName(previous) || /^(&|\*|>|int|bool|double|char|auto|const|long|short|unsigned)$/.test(previous.text));
  }

  while (at < tokens.length) scope('namespace');
  return { declared, used };
}
