//! What people do with their own profile, and how an account begins.
//! Every change raises `user_version`, so that each of the person's devices fetches anew.

use axum::body::Bytes;
use convo_db::Timestamp;

use super::{Me, NewUser, access, store};
use crate::{
    accounts::pictures,
    app::{App, Tx},
    caller::Caller,
    error::{Error, Result},
    events::{Audience, Event},
    ids::UserId,
};

/// What is left out stays as it is.
#[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileChange {
    pub username: Option<String>,
    pub full_name: Option<String>,
    pub about: Option<String>,
    /// Empty: none.
    pub phone: Option<String>,
    pub time_zone: Option<String>,
    pub language: Option<String>,
}

/// A new account; the unique keys of name and address decide races.
pub async fn create(tx: &mut Tx, user: &NewUser, now: Timestamp) -> Result<UserId> {
    let id = UserId::new();
    store::insert(tx, id, user, now).await?;
    Ok(id)
}

/// Locks the account, for whatever must not happen twice at once with it.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<()> {
    if store::lock(tx, id).await? { Ok(()) } else { Err(Error::not_found("user")) }
}

/// Tells all devices of the person that something outside conversations changed.
pub async fn tell_changed(tx: &mut Tx, id: UserId) -> Result<()> {
    if let Some(user_version) = store::raise_version(tx, id).await? {
        tx.emit(Audience::Person(id), Event::UserUpdated { user_version });
    }
    Ok(())
}

pub async fn update_profile(app: &App, caller: &Caller, change: ProfileChange) -> Result<Me> {
    let mut tx = app.begin().await?;
    lock(&mut tx, caller.user_id).await?;
    let me = access::get_me(&mut tx, caller.user_id).await?;
    let changed = apply(me.clone(), change)?;
    let username_key = super::fold(&changed.user.username);
    if username_key != super::fold(&me.user.username)
        && store::is_username_taken(&mut tx, &username_key, app.clock.now()).await?
    {
        return Err(store::username_taken());
    }
    let profile = store::Profile {
        username: &changed.user.username,
        username_key,
        full_name: &changed.user.full_name,
        name_key: super::fold(&changed.user.full_name),
        about: &changed.user.about,
        phone: changed.phone.as_deref(),
        time_zone: &changed.time_zone,
        language: &changed.language,
    };
    store::update_profile(&mut tx, caller.user_id, &profile).await?;
    finish(tx, caller.user_id).await
}

fn apply(mut me: Me, change: ProfileChange) -> Result<Me> {
    if let Some(username) = change.username {
        me.user.username = super::check_username(&username)?;
    }
    if let Some(full_name) = change.full_name {
        me.user.full_name = super::check_full_name(&full_name)?;
    }
    if let Some(about) = change.about {
        me.user.about = super::check_about(&about)?;
    }
    if let Some(phone) = change.phone {
        me.phone = super::check_phone(&phone)?;
    }
    if let Some(time_zone) = change.time_zone {
        me.time_zone = super::check_time_zone(&time_zone)?;
    }
    if let Some(language) = change.language {
        me.language = super::check_language(&language)?;
    }
    Ok(me)
}

pub async fn set_avatar(app: &App, caller: &Caller, upload: Bytes) -> Result<Me> {
    let square = pictures::actions::cut_square(app, upload).await?;
    let mut tx = app.begin().await?;
    lock(&mut tx, caller.user_id).await?;
    let before = store::find_picture(&mut tx, caller.user_id).await?;
    let picture = pictures::actions::store(&mut tx, &square, app.clock.now()).await?;
    store::set_picture(&mut tx, caller.user_id, Some(picture)).await?;
    pictures::actions::forget(&mut tx, before).await?;
    finish(tx, caller.user_id).await
}

pub async fn remove_avatar(app: &App, caller: &Caller) -> Result<Me> {
    let mut tx = app.begin().await?;
    lock(&mut tx, caller.user_id).await?;
    let before = store::find_picture(&mut tx, caller.user_id).await?;
    store::set_picture(&mut tx, caller.user_id, None).await?;
    pictures::actions::forget(&mut tx, before).await?;
    finish(tx, caller.user_id).await
}

async fn finish(mut tx: Tx, id: UserId) -> Result<Me> {
    tell_changed(&mut tx, id).await?;
    let me = access::get_me(&mut tx, id).await?;
    tx.commit().await?;
    Ok(me)
}
