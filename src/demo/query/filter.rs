//! The grammar of `$filter`: tokens into an expression tree, and nothing about what the names in it mean.

use super::lexer::{Token, tokens};

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Eq,
    /// `ne`
    Ne,
    /// `gt`
    Gt,
    /// `ge`
    Ge,
    /// `lt`
    Lt,
    /// `le`
    Le,
}

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with fraction.
    Float(f64),
    /// A quoted string.
    Text(String),
    /// A date-time with zone, in ticks.
    Instant(i64),
    /// A date alone.
    Date(i64),
    /// A bare GUID, lower case.
    Guid(String),
    /// A prefixed literal such as `duration'PT1H'`.
    Typed(String, String),
}

/// A boolean expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them; flattened.
    And(Vec<Expr>),
    /// One of them; flattened.
    Or(Vec<Expr>),
    /// The contrary.
    Not(Box<Expr>),
    /// `path op literal`
    Compare(Vec<String>, Operator, Literal),
    /// `path in (a,b)`
    In(Vec<String>, Vec<Literal>),
    /// `startswith(path,'x')`, `endswith`, `contains`
    Call(String, Vec<String>, String),
    /// `path/any(x:…)`, with the lambda variable; no body means "is not empty".
    Any(Vec<String>, String, Option<Box<Expr>>),
    /// `path/$count op n`
    Count(Vec<String>, Operator, i64),
    /// `path` alone, a boolean property.
    Truth(Vec<String>),
}

/// Reads a `$filter` text.
pub fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        text,
    };
    let expr = parser.or()?;
    if parser.at < parser.tokens.len() {
        return Err(parser.unexpected());
    }
    Ok(expr)
}

struct Parser<'t> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    text: &'t str,
}

/// Deeper nesting than this is refused before the stack is at risk; Graph's own limit is far lower (FACTS 2.7).
const MAX_DEPTH: usize = 100;

impl Parser<'_> {
    fn or(&mut self) -> Result<Expr, String> {
        self.chain("or", Parser::and, Expr::Or, |expr| match expr {
            Expr::Or(parts) => Ok(parts),
            other => Err(other),
        })
    }

    fn and(&mut self) -> Result<Expr, String> {
        self.chain("and", Parser::unary, Expr::And, |expr| match expr {
            Expr::And(parts) => Ok(parts),
            other => Err(other),
        })
    }

    fn chain(
        &mut self,
        word: &str,
        next: fn(&mut Self) -> Result<Expr, String>,
        join: fn(Vec<Expr>) -> Expr,
        flatten: fn(Expr) -> Result<Vec<Expr>, Expr>,
    ) -> Result<Expr, String> {
        let mut parts = vec![next(self)?];
        while self.word(word) {
            parts.push(next(self)?);
        }
        if parts.len() == 1 {
            return parts.pop().ok_or_else(|| self.unexpected());
        }
        let flat = parts
            .into_iter()
            .flat_map(|part| flatten(part).unwrap_or_else(|part| vec![part]));
        Ok(join(flat.collect()))
    }

    fn unary(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("The expression is nested too deeply.".into());
        }
        let expr = if self.word("not") {
            Expr::Not(Box::new(self.unary()?))
        } else if self.mark('(') {
            let inner = self.or()?;
            self.expect(')')?;
            inner
        } else {
            self.predicate()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn predicate(&mut self) -> Result<Expr, String> {
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(self.unexpected());
        };
        if self.tokens.get(self.at + 1) == Some(&Token::Mark('(')) {
            return self.call(name);
        }
        let mut path = vec![self.name()?];
        while self.mark('/') {
            if self.mark('$') {
                if !self.word("count") {
                    return Err(self.unexpected());
                }
                return self.count(path);
            }
            let segment = self.name()?;
            if (segment.eq_ignore_ascii_case("any") || segment.eq_ignore_ascii_case("all"))
                && self.mark('(')
            {
                return self.lambda(path, &segment);
            }
            path.push(segment);
        }
        if self.word("in") {
            return self.list(path);
        }
        match self.operator() {
            Some(operator) => Ok(Expr::Compare(path, operator, self.literal()?)),
            None => Ok(Expr::Truth(path)),
        }
    }

    fn call(&mut self, name: String) -> Result<Expr, String> {
        let name = name.to_ascii_lowercase();
        if !["startswith", "endswith", "contains"].contains(&name.as_str()) {
            return Err(format!(
                "An unknown function with name '{name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed."
            ));
        }
        self.at += 2;
        let mut path = vec![self.name()?];
        while self.mark('/') {
            path.push(self.name()?);
        }
        self.expect(',')?;
        let Literal::Text(argument) = self.literal()? else {
            return Err(format!(
                "No function signature for the function with name '{name}' matches the specified arguments."
            ));
        };
        self.expect(')')?;
        // `startswith(x,'a') eq true` is the long form of the call alone.
        if self.word("eq") {
            match self.literal()? {
                Literal::Bool(true) => {}
                Literal::Bool(false) => {
                    return Ok(Expr::Not(Box::new(Expr::Call(name, path, argument))));
                }
                _ => return Err(self.unexpected()),
            }
        }
        Ok(Expr::Call(name, path, argument))
    }

    fn lambda(&mut self, path: Vec<String>, word: &str) -> Result<Expr, String> {
        // FACTS 1.4: `all` never works on Graph.
        if word.eq_ignore_ascii_case("all") {
            return Err("The 'all' operator is not supported.".into());
        }
        if self.mark(')') {
            return Ok(Expr::Any(path, String::new(), None));
        }
        let variable = self.name()?;
        self.expect(':')?;
        let body = self.or()?;
        self.expect(')')?;
        Ok(Expr::Any(path, variable, Some(Box::new(body))))
    }

    fn count(&mut self, path: Vec<String>) -> Result<Expr, String> {
        let operator = self.operator().ok_or_else(|| self.unexpected())?;
        match self.literal()? {
            Literal::Int(number) => Ok(Expr::Count(path, operator, number)),
            _ => Err("$count can only be compared with a whole number.".into()),
        }
    }

    fn list(&mut self, path: Vec<String>) -> Result<Expr, String> {
        self.expect('(')?;
        let mut values = vec![self.literal()?];
        while self.mark(',') {
            values.push(self.literal()?);
        }
        self.expect(')')?;
        Ok(Expr::In(path, values))
    }

    fn literal(&mut self) -> Result<Literal, String> {
        let literal = match self.peek() {
            Some(Token::Name(name)) if name == "null" => Literal::Null,
            Some(Token::Name(name)) if name == "true" => Literal::Bool(true),
            Some(Token::Name(name)) if name == "false" => Literal::Bool(false),
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            Some(Token::Int(number)) => Literal::Int(*number),
            Some(Token::Float(number)) => Literal::Float(*number),
            Some(Token::Instant(ticks)) => Literal::Instant(*ticks),
            Some(Token::Date(ticks)) => Literal::Date(*ticks),
            Some(Token::Guid(guid)) => Literal::Guid(guid.clone()),
            Some(Token::Typed(prefix, text)) => Literal::Typed(prefix.clone(), text.clone()),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(literal)
    }

    fn operator(&mut self) -> Option<Operator> {
        let Some(Token::Name(name)) = self.peek() else {
            return None;
        };
        let operator = match name.as_str() {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "gt" => Operator::Gt,
            "ge" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" => Operator::Le,
            _ => return None,
        };
        self.at += 1;
        Some(operator)
    }

    fn name(&mut self) -> Result<String, String> {
        match self.peek().cloned() {
            Some(Token::Name(name)) => {
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn mark(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, mark: char) -> Result<(), String> {
        if self.mark(mark) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn unexpected(&self) -> String {
        format!("Syntax error at position {} in '{}'.", self.at, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_and_flattening() {
        let expr = parse("a eq 1 or b eq 2 and c eq 3 or d eq 4").expect("valid");
        let Expr::Or(parts) = expr else {
            panic!("or on top")
        };
        assert_eq!(parts.len(), 3);
        assert!(matches!(&parts[1], Expr::And(inner) if inner.len() == 2));
    }

    #[test]
    fn lambdas_counts_and_lists() {
        assert!(
            matches!(parse("x/any(a:a/b eq 'c')"), Ok(Expr::Any(_, variable, Some(_))) if variable == "a")
        );
        assert!(matches!(
            parse("assignedLicenses/$count ne 0"),
            Ok(Expr::Count(_, Operator::Ne, 0))
        ));
        assert!(matches!(parse("city in ('a','b')"), Ok(Expr::In(_, values)) if values.len() == 2));
    }

    #[test]
    fn refusals() {
        for text in [
            "",
            "a eq",
            "a eq 'x",
            "tolower(a) eq 'x'",
            "a eq b",
            "(a eq 1",
            "a eq 1 c",
            "x/all(a:a eq 1)",
            "a EQ 1",
            "1 eq a",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(5_000)).is_err());
    }
}
