//! Making signatures, for tests and for showing a request as HTTP.

use super::canonical::{canonical_request, encode, header_value};
use super::parse::{ALGORITHM, Method2, Scope};
use super::{Profile, Request, instant, string_to_sign};

/// Hash of a Version 2 signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// `HmacSHA1`
    Sha1,
    /// `HmacSHA256`
    Sha256,
}

/// A credential and the scope it signs for.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// Access key.
    pub access_key: &'a str,
    /// Its secret.
    pub secret: &'a str,
    /// Session token to send along, if the credential is temporary.
    pub session_token: Option<&'a str>,
    /// Region of the scope.
    pub region: &'a str,
    /// Service of the scope.
    pub service: &'a str,
    /// Send and sign `x-amz-content-sha256`; EC2's clients do not.
    pub sign_body: bool,
    /// How the service builds the canonical request.
    pub profile: Profile,
}

impl<'a> Signer<'a> {
    /// A long-lived credential for EC2 in a region.
    pub fn ec2(access_key: &'a str, secret: &'a str, region: &'a str) -> Self {
        Self {
            access_key,
            secret,
            session_token: None,
            region,
            service: "ec2",
            sign_body: false,
            profile: Profile::EC2,
        }
    }

    /// Version 4: the headers to add to the request, `Authorization` last. All headers of the request are signed;
    /// `Host` must be among them. `now` is in milliseconds since 1970.
    pub fn headers(&self, request: &Request<'_>, now: i64) -> Vec<(String, String)> {
        let date = instant::to_basic(now);
        let mut added = Vec::new();
        if request.header("x-amz-date").next().is_none() {
            added.push(("X-Amz-Date".to_owned(), date.clone()));
        }
        if self.sign_body {
            added.push((
                "X-Amz-Content-Sha256".to_owned(),
                string_to_sign::sha256_hex(request.body),
            ));
        }
        let token = self
            .session_token
            .map(|token| ("X-Amz-Security-Token".to_owned(), token.to_owned()));
        if self.profile.sign_session_token {
            added.extend(token.clone());
        }
        let headers: Vec<(String, String)> =
            request.headers.iter().chain(&added).cloned().collect();
        let signed_headers = header_names(&headers);
        let canonical = canonical_request(
            &Request {
                headers: &headers,
                ..*request
            },
            &signed_headers,
            self.profile,
        );
        let scope = self.scope(&date);
        let signature = string_to_sign::v4_signature(
            self.secret,
            &scope,
            &string_to_sign::v4(&date, &scope, &canonical),
        );
        if !self.profile.sign_session_token {
            added.extend(token);
        }
        added.push((
            "Authorization".to_owned(),
            format!("{ALGORITHM} Credential={}/{scope}, SignedHeaders={signed_headers}, Signature={signature}", self.access_key),
        ));
        added
    }

    /// Version 4: the whole query of the presigned request, good for `seconds`. All headers of the request are signed.
    pub fn presigned_query(&self, request: &Request<'_>, now: i64, seconds: u32) -> String {
        let date = instant::to_basic(now);
        let scope = self.scope(&date);
        let signed_headers = header_names(request.headers);
        let credential = format!("{}/{scope}", self.access_key);
        let mut query = request.query.to_owned();
        let seconds = seconds.to_string();
        let parameters = [
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &date),
            ("X-Amz-Expires", &seconds),
            ("X-Amz-SignedHeaders", &signed_headers),
        ];
        let token = self
            .session_token
            .map(|token| ("X-Amz-Security-Token", token));
        for (name, value) in parameters.into_iter().chain(token) {
            append(&mut query, name, value);
        }
        let canonical = canonical_request(
            &Request {
                query: &query,
                ..*request
            },
            &signed_headers,
            self.profile,
        );
        let signature = string_to_sign::v4_signature(
            self.secret,
            &scope,
            &string_to_sign::v4(&date, &scope, &canonical),
        );
        append(&mut query, "X-Amz-Signature", &signature);
        query
    }

    /// Version 2: the parameters to add, `Signature` last; append them to the query of a GET or to the form of a POST.
    pub fn v2_parameters(
        &self,
        request: &Request<'_>,
        now: i64,
        hash: Hash,
    ) -> Vec<(String, String)> {
        let (name, method) = match hash {
            Hash::Sha1 => ("HmacSHA1", Method2::Sha1),
            Hash::Sha256 => ("HmacSHA256", Method2::Sha256),
        };
        let mut added = vec![
            ("AWSAccessKeyId".to_owned(), self.access_key.to_owned()),
            ("SignatureMethod".to_owned(), name.to_owned()),
            ("SignatureVersion".to_owned(), "2".to_owned()),
            ("Timestamp".to_owned(), instant::to_extended(now)),
        ];
        added.extend(
            self.session_token
                .map(|token| ("SecurityToken".to_owned(), token.to_owned())),
        );
        let mut pairs = request.form_pairs();
        pairs.extend(added.iter().cloned());
        let text = string_to_sign::v2(request, &header_value(request, "host"), &pairs);
        added.push((
            "Signature".to_owned(),
            string_to_sign::v2_signature(self.secret, method, &text),
        ));
        added
    }

    fn scope(&self, date: &str) -> Scope {
        Scope {
            date: date.get(..8).unwrap_or(date).to_owned(),
            region: self.region.to_owned(),
            service: self.service.to_owned(),
        }
    }
}

fn append(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.push_str(&encode(value.as_bytes(), false));
}

fn header_names(headers: &[(String, String)]) -> String {
    let mut names: Vec<String> = headers
        .iter()
        .map(|(name, _)| name.trim().to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(";")
}
