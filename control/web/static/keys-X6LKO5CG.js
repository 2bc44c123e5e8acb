import{M as L,N as s,Pa as ne,Q as y,Qa as x,Ra as V,S as d,Sa as le,T as m,U as A,V as O,W as oe,X as p,Y as ie,_ as f,a as Y,aa as $,ba as I,ca as R,f as b,g as se,ga as N,ha as re,ia as D,ka as C,la as q,ma as T,s as ae,sa as k}from"./chunk-WMGVGG6D.js";import{a as r,b as a,c as n,e as h}from"./chunk-SSTONQ5Q.js";var J=(o,l)=>`/v1/${o}/${encodeURIComponent(l)}`,de=()=>se("/v1/api-keys"),me=o=>b("POST","/v1/api-keys",o),pe=(o,l)=>b("POST",`${J("api-keys",o)}/rotation`,{overlap_s:l}),ue=o=>b("DELETE",J("api-keys",o)),ce=async()=>(await b("GET","/v1/provider-keys")).data,he=(o,l)=>b("PUT",J("provider-keys",o),l),ye=o=>b("DELETE",J("provider-keys",o)),Q=async()=>(await b("GET","/v1/allowed-origins")).origins,ee=async o=>(await b("PUT","/v1/allowed-origins",{origins:o})).origins;var fe=[{name:"rooms:read",label:"See rooms",isUsual:!0},{name:"rooms:write",label:"Make rooms and guest links",isUsual:!0},{name:"rooms:join",label:"Let people join rooms",isUsual:!0},{name:"conversations:read",label:"Read transcripts",isUsual:!0},{name:"conversations:write",label:"Write in conversations, and delete them",isUsual:!1},{name:"agents:read",label:"See agents",isUsual:!0},{name:"agents:write",label:"Make and change agents",isUsual:!1},{name:"documents:read",label:"See documents",isUsual:!0},{name:"documents:write",label:"Add and remove documents",isUsual:!1},{name:"tools:read",label:"See tools",isUsual:!1},{name:"tools:write",label:"Make and change tools",isUsual:!1},{name:"audit:read",label:"Read the audit trail",isUsual:!1},{name:"usage:read",label:"Read budgets, costs and savings",isUsual:!1}];var Ee=[[30,"30 days"],[90,"90 days"],[365,"A year"],[0,"Never"]],Ae=864e5,v,W=class extends d{constructor(){super(...arguments);n(this,v,new I(this,async e=>{let t=e.getAll("scopes").map(String);if(t.length===0)return a(this,v).fail("A key that may do nothing is of no use: choose something.");let i=Number(e.get("expires_at")),c=i===0?null:new Date(Date.now()+i*Ae).toISOString(),w=await me({name:R(e,"name"),scopes:t,expires_at:c});this.dispatchEvent(new CustomEvent("made",{detail:w}))}))}render(){return s`<parley-dialog heading="Make an API key" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${a(this,v).submit}>
        ${a(this,v).banner()}
        ${a(this,v).field({id:"name",label:"Name",hint:"The program that will use it."},s`
          <input id="name" name="name" autocomplete="off" maxlength="60" required autofocus @input=${a(this,v).edited}>`)}
        ${a(this,v).field({id:"expires_at",label:"Ends after"},s`<select id="expires_at" name="expires_at">${Ee.map(([e,t])=>s`
          <option value=${e} ?selected=${e===90}>${t}</option>`)}</select>`)}
        <fieldset><legend>It may</legend><div class="scopes">${fe.map(({name:e,label:t,isUsual:i})=>s`
          <label class="choice"><input type="checkbox" name="scopes" value=${e} ?checked=${i}><span>${t}</span></label>`)}</div></fieldset>
        <button class="button primary large wide" ?disabled=${a(this,v).busy}>${a(this,v).busy?"One moment…":"Make the key"}</button>
      </form>
    </parley-dialog>`}};v=new WeakMap,W.styles=[p,f,$,L`
    form { display: grid; gap: 1.1rem; }
    .scopes { display: grid; }
    @media (min-width: 30rem) { .scopes { grid-template-columns: 1fr 1fr; column-gap: 1rem; } }
  `],W=r([m("parley-new-key")],W);var P=class extends d{render(){return s`<parley-dialog heading=${`“${this.made.name}” is ready`} @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="all">
        <p class="muted">Copy it now and keep it where your program finds it. It is not shown again; whoever has it can do what it may do.</p>
        <parley-secret label="API key" .lines=${[this.made.key]}></parley-secret>
        <button class="button primary large wide" @click=${()=>this.dialog.close()}>I have kept it</button>
      </div>
    </parley-dialog>`}};P.styles=[p,f,L`.all { display: grid; gap: 1.1rem; }`],r([A({attribute:!1})],P.prototype,"made",2),r([oe("parley-dialog")],P.prototype,"dialog",2),P=r([m("parley-shown-key")],P);function te(o,l=Date.now()){return o.revoked_at!==null&&Date.parse(o.revoked_at)<=l?"revoked":o.expires_at!==null&&Date.parse(o.expires_at)<=l?"expired":o.replaced_by!==null?"rotated":"good"}var Re={good:y,rotated:s`<span class="tag off">runs out</span>`,expired:s`<span class="tag">expired</span>`,revoked:s`<span class="tag">revoked</span>`},Ne=[[86400,"For a day"],[604800,"For a week"],[0,"Not at all: it stops now"]],S,g,ve,ge,X,we,be,_=class extends d{constructor(){super(...arguments);n(this,g);this.makesNew=!1;this.shown=null;this.showsEnded=!1;n(this,S,new C(this,de));n(this,X,async e=>{this.makesNew=!1,this.shown=e.detail,await a(this,S).reload()})}render(){return q("api-keys","API keys","For programs of yours: each has a name, may do what you say, and ends when you say.",s`
      <div class="panel">
        ${a(this,S).render(e=>h(this,g,ve).call(this,e))}
        <div class="actions"><button class="button" @click=${()=>this.makesNew=!0}>${ie("plus",18)}Make a key</button></div>
      </div>
      ${this.makesNew?s`<parley-new-key @closed=${()=>this.makesNew=!1} @made=${a(this,X)}></parley-new-key>`:y}
      ${this.shown?s`<parley-shown-key .made=${this.shown} @closed=${()=>this.shown=null}></parley-shown-key>`:y}`)}};S=new WeakMap,g=new WeakSet,ve=function(e){if(e.length===0)return T("No API key yet","Make one for each program, so that each can be revoked by itself.");let t=w=>["expired","revoked"].includes(te(w)),i=e.filter(t).length,c=this.showsEnded?e:e.filter(w=>!t(w));return s`
      ${c.length===0?T("No key is in use","Every key has ended."):s`<ul class="rows">${c.map(w=>h(this,g,ge).call(this,w))}</ul>`}
      ${i>0?s`<div><button class="button quiet small" aria-expanded=${this.showsEnded} @click=${()=>this.showsEnded=!this.showsEnded}>${this.showsEnded?"Hide":"Show"} what has ended (${i})</button></div>`:y}
    `},ge=function(e){let t=te(e),i=[e.last_used_at===null?"Never used":`Last used ${V(e.last_used_at)}`,`made ${le(e.created_at)}`,t==="revoked"||e.expires_at===null?null:`${t==="expired"?"ended":"ends"} ${V(e.expires_at)}`],c=s`<span class="visually-hidden"> ${e.name}</span>`;return s`<li>
      <div class="what"><span class="name">${e.name} <code>${e.hint}…</code> ${Re[t]}</span>
        <span class="meta">${i.filter(Boolean).join(" · ")}</span><span class="meta">${e.scopes.join(", ")}</span></div>
      <div class="do">
        ${t==="good"?s`<button class="button quiet small" @click=${()=>h(this,g,we).call(this,e)}>Rotate${c}</button>`:y}
        ${t==="good"||t==="rotated"?s`<button class="button quiet small harm" @click=${()=>h(this,g,be).call(this,e)}>Revoke${c}</button>`:y}
      </div>
    </li>`},X=new WeakMap,we=async function(e){let t=null;await N({heading:`Rotate “${e.name}”?`,text:s`<p>You get a new key with the same name and scopes.</p>
        <fieldset><legend>The old one still works</legend>${Ne.map(([i,c],w)=>s`
          <label class="choice"><input type="radio" name="overlap" value=${i} ?checked=${w===0}><span>${c}</span></label>`)}</fieldset>`,action:"Rotate",run:async i=>{t=await pe(e.id,Number(i.get("overlap")))}}),t!==null&&(this.shown=t,await a(this,S).reload())},be=async function(e){await N({heading:`Revoke “${e.name}”?`,text:"Programs that use it are refused from now on.",action:"Revoke",isDangerous:!0,run:()=>ue(e.id)})&&(k(`“${e.name}” is revoked.`),await a(this,S).reload(),await D(this))},_.styles=[p,f,$,x],r([O()],_.prototype,"makesNew",2),r([O()],_.prototype,"shown",2),r([O()],_.prototype,"showsEnded",2),_=r([m("parley-api-keys")],_);var F,E,K,$e,ke,z=class extends d{constructor(){super(...arguments);n(this,K);n(this,F,new C(this,Q));n(this,E,new I(this,async e=>{let t=R(e,"origin").replace(/\/$/,"").toLowerCase(),i=await Q();if(i.includes(t))throw new Y("It is in the list already.",409,"conflict",null,"origin");await ee([...i,t]).catch(Te),this.renderRoot.querySelector("form")?.reset(),k(`Pages of ${t} are allowed.`),await a(this,F).reload()}))}render(){return q("origins","Allowed origins","Websites whose pages may call this server from a visitor's browser. Servers need no entry.",s`
      <div class="panel">
        ${a(this,F).render(e=>e.length===0?T("No website is allowed","Add the address that your widget or dashboard is served from."):s`<ul class="rows">${e.map(t=>h(this,K,$e).call(this,t))}</ul>`)}
        <form class="stack" novalidate @submit=${a(this,E).submit}>
          ${a(this,E).banner()}
          <div class="line">
            ${a(this,E).field({id:"origin",label:"Origin",hint:"Such as https://app.example.com, without a path."},s`
              <input id="origin" name="origin" inputmode="url" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="255" required @input=${a(this,E).edited}>`)}
            <button class="button" ?disabled=${a(this,E).busy}>Allow</button>
          </div>
        </form>
      </div>`)}};F=new WeakMap,E=new WeakMap,K=new WeakSet,$e=function(e){return s`<li><div class="what"><code>${e}</code></div>
      <div class="do"><button class="button quiet small harm" @click=${()=>h(this,K,ke).call(this,e)}>Remove<span class="visually-hidden"> ${e}</span></button></div></li>`},ke=async function(e){await N({heading:"Remove this origin?",text:`Pages of ${e} are refused from now on.`,action:"Remove",isDangerous:!0,run:async()=>ee((await Q()).filter(i=>i!==e))})&&(k(`Pages of ${e} are refused.`),await a(this,F).reload(),await D(this))},z.styles=[p,f,$,x,ne],z=r([m("parley-origins")],z);function Te(o){throw o instanceof Y&&o.field?.startsWith("origins")?new Y(o.message,o.status,o.code,null,"origin"):o}var j={openai:"OpenAI",google:"Google",anthropic:"Anthropic"},Pe=Object.keys(j),G,H,xe,Z,_e,M=class extends d{constructor(){super(...arguments);n(this,H);this.edited=null;n(this,G,new C(this,ce));n(this,Z,async e=>{this.edited=null,k(`The key of ${j[e.detail]} is set.`),await a(this,G).reload()})}render(){return q("provider-keys","Provider keys","Bring your own and your conversations are billed to you. They are sealed, used by your conversations only, and never shown.",s`
      <div class="panel">${a(this,G).render(e=>s`<ul class="rows">${Pe.map(t=>h(this,H,xe).call(this,t,e.find(i=>i.provider===t)))}</ul>`)}</div>
      ${this.edited?s`<parley-set-provider-key .provider=${this.edited} .label=${j[this.edited]} @closed=${()=>this.edited=null} @set=${a(this,Z)}></parley-set-provider-key>`:y}`)}};G=new WeakMap,H=new WeakSet,xe=function(e,t){let i=j[e],c=t===void 0?"None: this server's own models are used":[t.hint&&`ends in ${t.hint}`,t.base_url,`set ${V(t.updated_at)}`].filter(Boolean).join(" · ");return s`<li>
      <div class="what"><span class="name">${i} ${t?s`<span class="tag on">yours</span>`:y}</span><span class="meta">${c}</span></div>
      <div class="do">
        <button class="button quiet small" @click=${()=>this.edited=e}>${t?"Replace":"Set"}<span class="visually-hidden"> the key of ${i}</span></button>
        ${t?s`<button class="button quiet small harm" @click=${()=>h(this,H,_e).call(this,e)}>Remove<span class="visually-hidden"> the key of ${i}</span></button>`:y}
      </div>
    </li>`},Z=new WeakMap,_e=async function(e){await N({heading:`Remove the key of ${j[e]}?`,text:"Conversations that begin from now on use this server's own models.",action:"Remove",isDangerous:!0,run:()=>ye(e)})&&(k(`The key of ${j[e]} is removed.`),await a(this,G).reload(),await D(this))},M.styles=[p,f,x],r([O()],M.prototype,"edited",2),M=r([m("parley-provider-keys")],M);var u,U=class extends d{constructor(){super(...arguments);this.label="";n(this,u,new I(this,async e=>{let[t,i]=[R(e,"api_key"),R(e,"base_url")];if(t===""&&i==="")return a(this,u).fail("Give a key, an address, or both.");await he(this.provider,{...t?{api_key:t}:{},...i?{base_url:i}:{}}),this.dispatchEvent(new CustomEvent("set",{detail:this.provider}))}))}render(){return s`<parley-dialog heading="Key of ${this.label}" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <form novalidate @submit=${a(this,u).submit}>
        ${a(this,u).banner()}
        <p class="muted">It takes the place of what is there, key and address together.</p>
        ${a(this,u).field({id:"api_key",label:"API key"},s`
          <input id="api_key" name="api_key" type="password" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="500" autofocus @input=${a(this,u).edited}>`)}
        ${a(this,u).field({id:"base_url",label:"Address (optional)",hint:"For a server that speaks the same language, such as https://models.example.com/v1."},s`
          <input id="base_url" name="base_url" type="url" inputmode="url" autocomplete="off" maxlength="500" @input=${a(this,u).edited}>`)}
        <button class="button primary large wide" ?disabled=${a(this,u).busy}>${a(this,u).busy?"One moment…":"Set the key"}</button>
      </form>
    </parley-dialog>`}};u=new WeakMap,U.styles=[p,f,$,L`form { display: grid; gap: 1.1rem; }`],r([A()],U.prototype,"provider",2),r([A()],U.prototype,"label",2),U=r([m("parley-set-provider-key")],U);var B=class extends d{firstUpdated(){re(this)}render(){return s`<parley-shell .session=${this.session} place="keys">
      <div class="top"><h1 tabindex="-1" autofocus>Keys</h1><p class="muted">How programs of ${this.session.tenant.name} come in, and whose models they talk to.</p></div>
      ${ae(this.session)?s`<parley-api-keys></parley-api-keys><parley-provider-keys></parley-provider-keys><parley-origins></parley-origins>`:s`<div class="panel">${T("Keys are for owners and admins","Ask one of them for a key, or to make you an admin.")}</div>`}
    </parley-shell>`}};B.styles=[p,x],r([A({attribute:!1})],B.prototype,"session",2),B=r([m("parley-keys")],B);export{B as KeysPage};
