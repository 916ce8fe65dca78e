//! A request's query string, decoded once.

use url::form_urlencoded;

use super::answer::Answer;
use super::errors;

/// Names and values in the order they came; a name may come more than once.
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn parse(raw: &str) -> Self {
        Query(form_urlencoded::parse(raw.as_bytes()).into_owned().collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of an array parameter, whether repeated or separated by commas.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let values = self.0.iter().filter(|(key, _)| key == name);
        values
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The query again, without the named parameters, encoded.
    pub fn without(&self, names: &[&str]) -> String {
        let kept = self.0.iter().filter(|(key, _)| !names.contains(&key.as_str()));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// v2's `limit`: 1 to 250, anything else is refused.
    pub fn v2_limit(&self, default: usize) -> Result<usize, Answer> {
        const V2_LIMIT_MAX: usize = 250;
        let Some(text) = self.get("limit") else {
            return Ok(default);
        };
        match text.parse::<usize>() {
            Ok(limit @ 1..=V2_LIMIT_MAX) => Ok(limit),
            _ => Err(errors::v2_bad_parameter("limit", "Integer between 1 and 250")),
        }
    }

    /// v1's integers: absent or blank is the default, negative and unreadable
    /// ones are refused each in its own way.
    pub fn v1_integer(&self, name: &str, default: usize) -> Result<usize, Answer> {
        let text = self.get(name).unwrap_or_default().trim();
        if text.is_empty() {
            return Ok(default);
        }
        match text.parse::<i32>() {
            Ok(number) => usize::try_from(number).map_err(|_| {
                errors::v1(
                    400,
                    &format!("java.lang.IllegalArgumentException: {name} cannot be less than zero"),
                )
            }),
            Err(_) => Err(errors::v1_not_an_integer(name, text)),
        }
    }
}

/// One value, encoded for a query string.
pub fn encode(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
